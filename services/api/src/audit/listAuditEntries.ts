import { requireApplication } from '../applications/requireApplication.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { findAuditEntries } from './findAuditEntries.ts';

export const listAuditEntries: Handler<'listAuditEntries'> = async ({ database, applicationId, query }) => {
  const { createdAt } = await requireApplication(database, applicationId);

  // One that had the same id before is another application.
  return findAuditEntries(database, { applicationId, at: { gte: createdAt } }, query);
};
