import { toApplicationRecord } from '../admission/records.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { randomId } from '../security/ids.ts';
import { toApplicationAnswer } from './applicationAnswer.ts';

/** `conflict` when the id is taken. */
export const createApplication: Handler<'createApplication'> = async ({
  context,
  database,
  publish,
  body,
}) => {
  const { id = `app-${randomId(16)}`, ...settings } = body;
  const application = await database.application.create({
    data: {
      id,
      publicKey: `pk_${randomId(24)}`,
      createdAt: new Date(context.clock.now()),
      ...settings,
    },
  });
  publish.application(toApplicationRecord(application));

  return toApplicationAnswer(application);
};
