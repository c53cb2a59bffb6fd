import type { ApiContext } from '../context.ts';
import { toRoomRecord } from './records.ts';

/** Rows read at once: enough to be quick, few enough to be held in memory. */
const batch = 1_000;

/**
 * Publishes everything that admission depends on, as an api does when it starts: the backplane may have been
 * emptied, or a write may have been lost between the database and it. The revocations come last, for they open
 * the sfu's door.
 */
export async function publishAll({
  database,
  admission,
  signingKeys,
}: Pick<ApiContext, 'database' | 'admission' | 'signingKeys'>): Promise<void> {
  const applications = await database.application.findMany();
  for (const application of applications) {
    const { id: applicationId, allowedOrigins } = application;
    await admission.putApplication({ applicationId, allowedOrigins });
    await publishUsers(applicationId);
    await publishRooms(applicationId);
  }
  await admission.putSigningKeys(signingKeys.publicJwks);
  const revocations = await database.revocation.findMany();
  await admission.putAllRevocations(
    revocations.map(({ revokedBefore, ...revocation }) => ({
      ...revocation,
      revokedBeforeMs: revokedBefore.getTime(),
    })),
  );

  async function publishUsers(applicationId: string): Promise<void> {
    const users = pages((after) =>
      database.user.findMany({
        where: { applicationId, ...(after === undefined ? {} : { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take: batch,
      }),
    );
    for await (const { id: userId, displayName } of users) {
      await admission.putUser({ applicationId, userId, displayName });
    }
  }

  async function publishRooms(applicationId: string): Promise<void> {
    const rooms = pages((after) =>
      database.room.findMany({
        where: { applicationId, ...(after === undefined ? {} : { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        include: { roster: true },
        take: batch,
      }),
    );
    for await (const room of rooms) {
      await admission.putRoom(toRoomRecord(room));
    }
  }
}

/** Every row, read page by page: each page begins behind the last id of the one before. */
async function* pages<Row extends { id: string }>(
  read: (after: string | undefined) => Promise<Row[]>,
): AsyncGenerator<Row> {
  let after: string | undefined;
  do {
    const rows = await read(after);
    yield* rows;
    after = rows.at(-1)?.id;
  } while (after !== undefined);
}
