import { ProtocolError } from '@parley/protocol';
import { toApplicationRecord } from '../admission/records.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { callSettingsOf } from '../callSettings/callSettingsOf.ts';
import { patched, patchedTable } from '../requests/patched.ts';
import { toApplicationAnswer } from './applicationAnswer.ts';
import { changedLimits } from './limitsOf.ts';
import { lockApplication } from './lockApplication.ts';

/** `forbidden` when somebody else than the operator would set limits. */
export const updateApplication: Handler<'updateApplication'> = async ({
  database,
  publish,
  principal,
  applicationId,
  body,
}) => {
  if (body.limits !== undefined && principal.kind !== 'operator') {
    throw new ProtocolError('forbidden', 'Only the operator sets limits.');
  }
  const application = await lockApplication(database, applicationId);
  const changed = await database.application.update({
    where: { id: applicationId },
    data: {
      name: body.name ?? application.name,
      allowedOrigins: patched(application.allowedOrigins, body.allowedOrigins, []),
      limits: patchedTable(changedLimits(application), body.limits),
      callSettings: patchedTable(callSettingsOf(application), body.callSettings),
      contacts: patched(application.contacts, body.contacts, false),
    },
  });
  publish.application(toApplicationRecord(changed));

  return toApplicationAnswer(changed);
};
