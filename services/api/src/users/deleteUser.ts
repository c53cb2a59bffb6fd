import type { ApiContext } from '../context.ts';
import { toRoomRecord } from '../admission/records.ts';
import { revokeTokens } from '../tokens/revokeTokens.ts';

/** Removes a user, from rosters too, and voids the tokens; `not_found` when there is none. */
export async function deleteUser(
  { database, admission, clock }: Pick<ApiContext, 'database' | 'admission' | 'clock'>,
  applicationId: string,
  id: string,
): Promise<void> {
  await database.$transaction(async (transaction) => {
    const rooms = await transaction.room.findMany({
      where: { applicationId, roster: { some: { userId: id } } },
      select: { id: true },
    });
    await transaction.user.delete({ where: { applicationId_id: { applicationId, id } } });

    await admission.putRevocation(await revokeTokens(transaction, clock, { applicationId, userId: id }));
    await admission.removeUser(applicationId, id);
    const changed = await transaction.room.findMany({
      where: { applicationId, id: { in: rooms.map((room) => room.id) } },
      include: { roster: true },
    });
    for (const room of changed) {
      await admission.putRoom(toRoomRecord(room));
    }
  });
}
