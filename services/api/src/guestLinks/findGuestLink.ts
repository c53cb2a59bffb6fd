import type { Database } from '@parley/db';
import { idOfSecret, matchesHash } from '../security/secrets.ts';

/** The link that a code belongs to, with its room and application; undefined when there is none. */
export async function findGuestLink(database: Database, code: string) {
  const id = idOfSecret(code);
  if (id === undefined) {
    return undefined;
  }
  const link = await database.guestLink.findUnique({
    where: { id },
    include: { room: { include: { application: true } } },
  });

  return link !== null && matchesHash(code, link.secretHash) ? link : undefined;
}
