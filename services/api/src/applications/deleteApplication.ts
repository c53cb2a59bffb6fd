import { applicationScopes } from '../idempotency/scope.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { revoke } from '../revocations/revoke.ts';
import { noSuchApplication } from './requireApplication.ts';

/**
 * The row goes first, with all that belongs to it: who issues a token meanwhile holds it, and the moment of the
 * revocation, read afterwards, lies behind that token's. The audit log stays, and shows to nobody who gets the id next.
 */
export const deleteApplication: Handler<'deleteApplication'> = async ({
  context,
  database,
  publish,
  params: { applicationId },
}) => {
  const { count } = await database.application.deleteMany({ where: { id: applicationId } });
  if (count === 0) {
    throw noSuchApplication();
  }
  await database.idempotentAnswer.deleteMany({ where: { scope: { in: applicationScopes(applicationId) } } });
  await revoke(
    database,
    { publish, clock: context.clock },
    { applicationId, subject: { kind: 'application' } },
  );
  publish.applicationRemoved(applicationId);
};
