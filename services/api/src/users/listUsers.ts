import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { withNumbers } from './findUser.ts';
import { toUserAnswer } from './userAnswer.ts';

export const listUsers: Handler<'listUsers'> = async ({ database, applicationId, query }) => {
  const page = toPageRequest(query);
  const users = await database.user.findMany({
    where: {
      applicationId,
      kind: query.kind,
      ...(page.after === undefined ? {} : { id: { gt: page.after } }),
    },
    include: withNumbers,
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });

  return toPage(users, page, toUserAnswer);
};
