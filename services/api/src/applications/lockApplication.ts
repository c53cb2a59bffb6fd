import type { Application, Transaction } from '@parley/db';
import { requireApplication } from './requireApplication.ts';

/**
 * The application as it is once nobody else is changing it, which stays so until the transaction ends; throws
 * `not_found`. Users and rooms may be added meanwhile, as their foreign keys need a weaker lock.
 */
export async function lockApplication(database: Transaction, applicationId: string): Promise<Application> {
  await database.$queryRaw`SELECT "id" FROM "Application" WHERE "id" = ${applicationId} FOR NO KEY UPDATE`;

  return requireApplication(database, applicationId);
}
