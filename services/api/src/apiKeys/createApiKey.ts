import { ProtocolError } from '@parley/protocol';
import { lockApplication } from '../applications/lockApplication.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { makeSecret } from '../security/secrets.ts';
import { toApiKeyAnswer } from './apiKeyAnswer.ts';

/** Two at a time are for rotation; the others for services with different rights. */
const maxKeys = 20;

/** `conflict` when the application has as many keys as it may. */
export const createApiKey: Handler<'createApiKey'> = async ({
  context,
  database,
  applicationId,
  body: { name, rights },
}) => {
  // Locked, so that two requests at once do not both make the last one.
  await lockApplication(database, applicationId);
  if ((await database.apiKey.count({ where: { applicationId } })) >= maxKeys) {
    throw new ProtocolError('conflict', `An application has at most ${maxKeys} keys; revoke one.`);
  }
  const { id, secret, hash } = makeSecret();
  const key = await database.apiKey.create({
    data: {
      privateKey: `key_${id}`,
      applicationId,
      name,
      secretHash: hash,
      rights,
      createdAt: new Date(context.clock.now()),
    },
  });

  return { ...toApiKeyAnswer(key), secret: `sk_${secret}` };
};
