import type { RoomList } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { toPage, type PageRequest } from '../requests/paging.ts';
import { toRoomAnswer } from './roomAnswer.ts';

export async function listRooms(
  { database }: Pick<ApiContext, 'database'>,
  applicationId: string,
  page: PageRequest,
): Promise<RoomList> {
  const rooms = await database.room.findMany({
    where: { applicationId, ...(page.after === undefined ? {} : { id: { gt: page.after } }) },
    orderBy: { id: 'asc' },
    include: { roster: true },
    take: page.limit + 1,
  });

  return toPage(rooms, page, toRoomAnswer);
}
