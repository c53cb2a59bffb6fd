import type { Handler } from '../operations/handlerTypes.ts';
import { findAuditEntries } from './findAuditEntries.ts';

/** Asks for no application that is there: the log outlives it, and tells who deleted it. */
export const listOperatorAuditEntries: Handler<'listOperatorAuditEntries'> = ({
  database,
  query: { applicationId = null, ...query },
}) => findAuditEntries(database, { applicationId }, query);
