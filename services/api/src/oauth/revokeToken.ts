import type { AccessToken } from '@parley/db';
import { revokeRequestSchema } from '@parley/protocol/rest';
import type { SessionClaims } from '@parley/tokens';
import { findAccessToken } from '../accessTokens/findAccessToken.ts';
import type { ApiContext } from '../context.ts';
import type { Gate } from '../operations/receive.ts';
import { parse } from '../requests/parse.ts';
import { revoke } from '../revocations/revoke.ts';
import { admitClient, type Exchange, type OAuthClient } from './admitClient.ts';
import { claimsOf } from './claimsOf.ts';
import { signInQuota } from './exchangeToken.ts';
import { readForm } from './readForm.ts';
import { endRefreshGrant, findRefreshToken } from './refreshGrants.ts';

/**
 * `POST /v1/oauth/revoke` (RFC 7009). Either token of a sign-in ends all of it. A token that is not valid anyway, or
 * is another client's, is left alone, and the answer is the same.
 */
export async function revokeToken(context: ApiContext, gate: Gate, exchange: Exchange): Promise<void> {
  const form = parse(revokeRequestSchema, await readForm(exchange.request, exchange.response));
  const client = await admitClient(context, gate, exchange, { form, quotaOf: signInQuota });
  const refreshToken = await findRefreshToken(context, form.token);
  if (refreshToken !== undefined) {
    await endIfOwn(context, client, refreshToken.grant);

    return;
  }
  const accessToken = await findAccessToken(context.database, form.token);
  if (accessToken?.applicationId === client.application.applicationId) {
    await revokeAccessToken(context, accessToken);

    return;
  }
  const claims = await claimsOf(context, form.token);
  if (claims !== undefined && claims.applicationId === client.application.applicationId) {
    await revokeSession(context, client, claims);
  }
}

/** With the session tokens it was exchanged for. */
async function revokeAccessToken(context: ApiContext, { id, applicationId }: AccessToken): Promise<void> {
  await context.database.$transaction(async (transaction) => {
    await transaction.accessToken.deleteMany({ where: { id } });
    await revoke(transaction, context, { applicationId, subject: { kind: 'grant', grantId: id } });
  });
}

async function revokeSession(context: ApiContext, client: OAuthClient, claims: SessionClaims): Promise<void> {
  const { applicationId, grantId, identity } = claims;
  const signIn = await context.database.refreshGrant.findUnique({ where: { id: grantId } });
  if (signIn !== null) {
    await endIfOwn(context, client, signIn);

    return;
  }
  // A guest's token comes from a link that others came by as well, and each of them is somebody of their own.
  const subject =
    identity.kind === 'user'
      ? ({ kind: 'grant', grantId } as const)
      : ({ kind: 'user', userId: identity.userId } as const);
  await context.database.$transaction((transaction) =>
    revoke(transaction, context, { applicationId, subject }),
  );
}

async function endIfOwn(
  context: ApiContext,
  { application, clientId }: OAuthClient,
  grant: Parameters<typeof endRefreshGrant>[1] & { readonly clientId: string },
): Promise<void> {
  if (grant.applicationId === application.applicationId && grant.clientId === clientId) {
    await endRefreshGrant(context, grant);
  }
}
