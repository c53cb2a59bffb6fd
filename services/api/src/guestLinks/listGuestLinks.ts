import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { requireRoom } from '../rooms/requireRoom.ts';
import { toGuestLinkAnswer } from './guestLinkAnswer.ts';

export const listGuestLinks: Handler<'listGuestLinks'> = async ({
  database,
  applicationId,
  params: { roomId },
  query,
}) => {
  const page = toPageRequest(query);
  await requireRoom(database, { applicationId, roomId });
  const links = await database.guestLink.findMany({
    where: { applicationId, roomId, ...(page.after === undefined ? {} : { id: { gt: page.after } }) },
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });

  return toPage(links, page, toGuestLinkAnswer);
};
