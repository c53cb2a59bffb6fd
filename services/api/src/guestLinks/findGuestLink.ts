import type { GuestLink, Room, Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import { idOfSecret, matchesHash } from '../security/secrets.ts';

export type FoundGuestLink = GuestLink & { readonly room: Room };

/** The link that a code belongs to, with its room; undefined when there is none. */
export async function findGuestLink(
  database: Transaction,
  code: string,
): Promise<FoundGuestLink | undefined> {
  const id = idOfSecret(code);
  if (id === undefined) {
    return undefined;
  }
  const link = await database.guestLink.findUnique({ where: { id }, include: { room: true } });

  return link !== null && matchesHash(code, link.secretHash) ? link : undefined;
}

/** In the same words for every code that opens nothing. */
export function invalidLink(): ProtocolError {
  return new ProtocolError('not_found', 'This link is not valid.');
}
