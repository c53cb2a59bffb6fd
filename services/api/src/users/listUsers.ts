import type { UserList } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { toPage, type PageRequest } from '../requests/paging.ts';
import { toUserAnswer } from './userAnswer.ts';

export async function listUsers(
  { database }: Pick<ApiContext, 'database'>,
  applicationId: string,
  page: PageRequest,
): Promise<UserList> {
  const users = await database.user.findMany({
    where: { applicationId, ...(page.after === undefined ? {} : { id: { gt: page.after } }) },
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });

  return toPage(users, page, toUserAnswer);
}
