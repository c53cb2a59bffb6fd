import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { toRoomAnswer } from './roomAnswer.ts';

export const listRooms: Handler<'listRooms'> = async ({ database, applicationId, query }) => {
  const page = toPageRequest(query);
  const rooms = await database.room.findMany({
    where: { applicationId, ...(page.after === undefined ? {} : { id: { gt: page.after } }) },
    orderBy: { id: 'asc' },
    include: { roster: true },
    take: page.limit + 1,
  });

  return toPage(rooms, page, toRoomAnswer);
};
