import type { Transaction } from '@parley/db';
import type { AccessTokenWithValue } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { makeSecret } from '../security/secrets.ts';
import { toAccessTokenAnswer } from './accessTokenAnswer.ts';
import { accessTokenPrefix } from './findAccessToken.ts';

/** Makes an access token of a user, and answers its value this once. */
export async function makeAccessToken(
  { clock }: Pick<ApiContext, 'clock'>,
  transaction: Transaction,
  { applicationId, id: userId }: { applicationId: string; id: string },
  name?: string,
): Promise<AccessTokenWithValue> {
  const { id, secret, hash } = makeSecret();
  const row = await transaction.accessToken.create({
    data: {
      id,
      applicationId,
      userId,
      name: name ?? null,
      secretHash: hash,
      createdAt: new Date(clock.now()),
    },
  });

  return { ...toAccessTokenAnswer(row), accessToken: accessTokenPrefix + secret };
}
