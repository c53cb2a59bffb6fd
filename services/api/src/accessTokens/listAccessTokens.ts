import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { findUser } from '../users/findUser.ts';
import { toAccessTokenAnswer } from './accessTokenAnswer.ts';

export const listAccessTokens: Handler<'listAccessTokens'> = async ({
  database,
  applicationId,
  params: { userId },
  query,
}) => {
  const page = toPageRequest(query);
  await findUser(database, applicationId, userId);
  const accessTokens = await database.accessToken.findMany({
    where: { applicationId, userId, ...(page.after === undefined ? {} : { id: { gt: page.after } }) },
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });

  return toPage(accessTokens, page, toAccessTokenAnswer);
};
