import type { Handler } from '../operations/handlerTypes.ts';
import { findCalls } from './findCalls.ts';

export const listCalls: Handler<'listCalls'> = ({ database, applicationId, query }) =>
  findCalls(database, applicationId, query);
