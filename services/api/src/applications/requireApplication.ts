import type { Application, Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';

/** The application; throws `not_found`. */
export async function requireApplication(database: Transaction, applicationId: string): Promise<Application> {
  const application = await database.application.findUnique({ where: { id: applicationId } });
  if (application === null) {
    throw noSuchApplication();
  }

  return application;
}

/** In the same words for one there is not and for a neighbour's. */
export function noSuchApplication(): ProtocolError {
  return new ProtocolError('not_found', 'There is no such application.');
}
