import type { Transaction } from '@parley/db';
import { applicationScopes } from './scope.ts';

/** Erases the kept answer that told of what is at `location`: what was deleted is not to be read there either. */
export async function forgetAnswers(
  transaction: Transaction,
  applicationId: string,
  location: string,
): Promise<void> {
  await transaction.idempotentAnswer.deleteMany({
    where: { scope: { in: applicationScopes(applicationId) }, location },
  });
}
