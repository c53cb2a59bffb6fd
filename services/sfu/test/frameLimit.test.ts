import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const kibibyte = 1024;

let sfu: TestSfu;

beforeAll(async () => {
  sfu = await startTestSfu();
});
afterAll(() => sfu[Symbol.asyncDispose]());

/** What is around the id is less than a KiB. */
const requestOf = (callId: string) => ({ name: 'leaveCall', data: { callId } });

it.each([
  ['x', 1],
  ['ö', 2],
  ['漢', 3],
  ['👋', 4],
])(
  'a request is read up to 64 KiB, which are bytes and not characters such as %s',
  async (character, size) => {
    const alice = await sfu.connect('alice');
    const idOf = (bytes: number) => character.repeat(bytes / size);

    // No id is as long as that.
    expect(await alice.refusal(requestOf(idOf(63 * kibibyte)))).toBe('invalid_request');
    expect(await alice.refusal(requestOf(idOf(65 * kibibyte)))).toBe('payload_too_large');
  },
);

it('a frame is answered up to 256 KiB, and a larger one closes its socket', async () => {
  const alice = await sfu.connect('alice');

  expect(await alice.refusal(requestOf('x'.repeat(255 * kibibyte)))).toBe('payload_too_large');
  alice.socket.emit('request', requestOf('x'.repeat(256 * kibibyte)));
  await alice.disconnected();
});
