import { phoneNumberSchema } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';
import { requireUsers } from '../users/requireUsers.ts';
import { replaceDestinations } from './replaceDestinations.ts';

/** `invalid_request` when one is neither a user of the application nor an E.164 number. */
export const putAnonymousDestinations: Handler<'putAnonymousDestinations'> = async ({
  database,
  publish,
  applicationId,
  body: { destinations },
}) => {
  const users = destinations.flatMap((id, index) =>
    phoneNumberSchema.safeParse(id).success ? [] : [{ id, pointer: `/destinations/${index}` }],
  );
  await requireUsers(database, applicationId, users);
  await replaceDestinations(database, publish, applicationId, destinations);

  return { destinations };
};
