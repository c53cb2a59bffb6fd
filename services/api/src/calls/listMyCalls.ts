import type { Handler } from '../operations/handlerTypes.ts';
import { ownUserId } from '../principals/ownUserId.ts';
import { findCalls } from './findCalls.ts';

export const listMyCalls: Handler<'listMyCalls'> = ({ database, applicationId, principal, query }) =>
  findCalls(database, applicationId, { ...query, userId: ownUserId(principal) });
