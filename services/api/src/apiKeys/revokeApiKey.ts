import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

/** A key may revoke itself, as one that leaked should: the operator can always make another. */
export const revokeApiKey: Handler<'revokeApiKey'> = async ({
  context,
  database,
  applicationId,
  params: { keyId },
}) => {
  const { count } = await database.apiKey.deleteMany({ where: { applicationId, privateKey: keyId } });
  if (count === 0) {
    throw new ProtocolError('not_found', 'There is no such key.');
  }
  context.keyRing.refuse(keyId);
};
