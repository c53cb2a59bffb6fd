import type { Room, Transaction } from '@parley/db';
import type { Role } from '@parley/protocol';
import type { UpdateRoom } from '@parley/protocol/rest';
import { requireUsers } from '../users/requireUsers.ts';

/** Sees to it that everybody who is put on a roster is a user of the application; points at who is not. */
export function requireRosterUsers(
  database: Transaction,
  applicationId: string,
  roster: Readonly<Record<string, Role | null>>,
): Promise<void> {
  // No id has a character that JSON pointers escape.
  const users = Object.entries(roster).flatMap(([id, role]) =>
    role === null ? [] : [{ id, pointer: `/roster/${id}` }],
  );

  return requireUsers(database, applicationId, users);
}

/** Carries out the patch of a roster: null takes a user off, and in the place of the roster everybody. */
export async function changeRoster(
  database: Transaction,
  { applicationId, id: roomId }: Room,
  patch: UpdateRoom['roster'],
): Promise<void> {
  if (patch === undefined) {
    return;
  }
  const named = patch === null ? {} : { userId: { in: Object.keys(patch) } };
  await database.rosterEntry.deleteMany({ where: { applicationId, roomId, ...named } });
  await database.rosterEntry.createMany({
    data: Object.entries(patch ?? {}).flatMap(([userId, role]) =>
      role === null ? [] : [{ applicationId, roomId, userId, role }],
    ),
  });
}
