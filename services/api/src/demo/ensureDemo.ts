import type { Admission } from '@parley/backplane';
import type { Database } from '@parley/db';
import { systemClock, type Clock } from '@parley/kit';
import { Passwords } from '../security/Passwords.ts';
import { ensureDemoApplication } from './demoApplication.ts';
import { ensureDemoKey } from './demoKey.ts';
import { ensureDemoRoom } from './demoRoom.ts';
import { demoSchema, type Demo } from './demoSchema.ts';
import { ensureDemoUsers } from './demoUsers.ts';

export interface EnsureDemoOptions {
  database: Database;
  admission: Admission;
  /** Base of the guest link. */
  publicUrl: string;
  /** What this function returned before, as it was kept; whatever is not that counts as nothing. */
  previous: unknown;
  clock?: Clock;
}

/**
 * Sees to it that the demo application is there with a key, two users, an open room and a guest link, and returns
 * it all with its secrets. The database holds only their hashes: those that `previous` knows and the database
 * confirms are kept, the others are made anew and replace what they were.
 */
export async function ensureDemo(options: EnsureDemoOptions): Promise<Demo> {
  const { database, admission, clock = systemClock } = options;
  const publicUrl = options.publicUrl.replace(/\/+$/, '');
  const previous = demoSchema.safeParse(options.previous).data;
  const context = { database, admission, clock, publicUrl, passwords: await Passwords.create() };

  const { applicationId, publicKey } = await ensureDemoApplication(context);

  return {
    url: publicUrl,
    applicationId,
    publicKey,
    ...(await ensureDemoKey(context, applicationId, previous?.secret)),
    users: await ensureDemoUsers(context, applicationId, previous?.users ?? []),
    room: await ensureDemoRoom(context, applicationId, previous?.room.guestLink),
  };
}
