import { requireApplication } from '../applications/requireApplication.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { toApiKeyAnswer } from './apiKeyAnswer.ts';

export const listApiKeys: Handler<'listApiKeys'> = async ({ database, applicationId, query }) => {
  const page = toPageRequest(query);
  await requireApplication(database, applicationId);
  const keys = await database.apiKey.findMany({
    where: { applicationId, ...(page.after === undefined ? {} : { privateKey: { gt: page.after } }) },
    orderBy: { privateKey: 'asc' },
    take: page.limit + 1,
  });

  return toPage(keys.map(toApiKeyAnswer), page, (key) => key);
};
