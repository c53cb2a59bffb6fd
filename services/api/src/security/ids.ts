import { randomBytes } from 'node:crypto';

/** 32 characters that no one confuses, in one case, so that a byte gives each of them alike. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A random id of `length` characters, five bits each. */
export function randomId(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** An id that can be read out on the phone: 60 bits as `4tq9-x0mh-c7ze`. */
export function randomRoomId(): string {
  return [randomId(4), randomId(4), randomId(4)].join('-');
}
