import type { Handler } from '../operations/handlerTypes.ts';
import { replaceDestinations } from './replaceDestinations.ts';

export const deleteAnonymousDestinations: Handler<'deleteAnonymousDestinations'> = ({
  database,
  publish,
  applicationId,
}) => replaceDestinations(database, publish, applicationId, []);
