import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { toApplicationAnswer } from './applicationAnswer.ts';

export const listApplications: Handler<'listApplications'> = async ({ database, query }) => {
  const page = toPageRequest(query);
  const applications = await database.application.findMany({
    where: page.after === undefined ? {} : { id: { gt: page.after } },
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });

  return toPage(applications, page, toApplicationAnswer);
};
