import { requireApplication } from '../applications/requireApplication.ts';
import type { Handler } from '../operations/handlerTypes.ts';

export const getAnonymousDestinations: Handler<'getAnonymousDestinations'> = async ({
  database,
  applicationId,
}) => {
  const { anonymousDestinations } = await requireApplication(database, applicationId);

  return { destinations: anonymousDestinations };
};
