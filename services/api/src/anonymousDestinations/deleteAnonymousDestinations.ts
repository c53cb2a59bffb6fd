import type { Handler } from '../operations/handlerTypes.ts';
import { replaceDestinations } from './replaceDestinations.ts';

export const deleteAnonymousDestinations: Handler<'deleteAnonymousDestinations'> = ({
  context,
  database,
  applicationId,
}) => replaceDestinations(database, context, applicationId, []);
