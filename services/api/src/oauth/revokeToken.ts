import type { RevocationSubject } from '@parley/backplane';
import type { AccessToken, Transaction } from '@parley/db';
import { revokeRequestSchema } from '@parley/protocol/rest';
import type { SessionClaims } from '@parley/tokens';
import { findAccessToken } from '../accessTokens/findAccessToken.ts';
import { writeAuditEntry } from '../audit/writeAuditEntry.ts';
import type { ApiContext } from '../context.ts';
import { requestIdHeader } from '../middleware/accessLog.ts';
import type { Gate } from '../operations/receive.ts';
import { parse } from '../requests/parse.ts';
import { revoke } from '../revocations/revoke.ts';
import { admitClient, type Exchange, type OAuthClient } from './admitClient.ts';
import { claimsOf } from './claimsOf.ts';
import { countStrangers } from './countStrangers.ts';
import { tokenQuota } from './quotas.ts';
import { readForm } from './readForm.ts';
import { endRefreshGrant, findRefreshToken } from './refreshGrants.ts';

/** Who asks. */
interface Asked {
  readonly client: OAuthClient;
  readonly exchange: Exchange;
}

/**
 * `POST /v1/oauth/revoke` (RFC 7009). Either token of a sign-in ends all of it. A token that is not valid anyway, or
 * is another client's, is left alone, and the answer is the same.
 */
export async function revokeToken(context: ApiContext, gate: Gate, exchange: Exchange): Promise<void> {
  const form = await countStrangers(context, gate, exchange, async () =>
    parse(revokeRequestSchema, await readForm(exchange.request, exchange.response)),
  );
  const client = await admitClient(context, gate, exchange, { form, quotaOf: tokenQuota });
  const asked = { client, exchange };
  const refreshToken = await findRefreshToken(context, form.token);
  if (refreshToken !== undefined) {
    await endIfOwn(context, asked, refreshToken.grant);

    return;
  }
  const accessToken = await findAccessToken(context.database, form.token);
  if (accessToken?.applicationId === client.application.applicationId) {
    await revokeAccessToken(context, asked, accessToken);

    return;
  }
  const claims = await claimsOf(context, form.token);
  if (claims !== undefined && claims.applicationId === client.application.applicationId) {
    await revokeSession(context, asked, claims);
  }
}

/** With the session tokens it was exchanged for. */
async function revokeAccessToken(
  context: ApiContext,
  asked: Asked,
  { id, applicationId, userId }: AccessToken,
): Promise<void> {
  await context.transactions.run(applicationId, async (transaction, publish) => {
    await transaction.accessToken.deleteMany({ where: { id } });
    await revoke(
      transaction,
      { publish, clock: context.clock },
      { applicationId, subject: { kind: 'grant', grantId: id } },
    );
    await audit(transaction, context, asked, userId);
  });
}

async function revokeSession(context: ApiContext, asked: Asked, claims: SessionClaims): Promise<void> {
  const { applicationId, grantId, identity } = claims;
  const { userId } = identity;
  const signIn = await context.database.refreshGrant.findUnique({ where: { id: grantId } });
  if (signIn !== null) {
    await endIfOwn(context, asked, signIn);

    return;
  }
  // A guest's token comes from a link that others came by as well, and each of them is somebody of their own.
  const subject: RevocationSubject =
    identity.kind === 'user' ? { kind: 'grant', grantId } : { kind: 'user', userId };
  await context.transactions.run(applicationId, async (transaction, publish) => {
    await revoke(transaction, { publish, clock: context.clock }, { applicationId, subject });
    await audit(transaction, context, asked, userId);
  });
}

/** What a backend does to a user is on record; that somebody signs out themselves is not. */
async function audit(
  transaction: Transaction,
  { clock }: ApiContext,
  { client, exchange: { request, response } }: Asked,
  userId: string,
): Promise<void> {
  if (client.kind === 'confidential') {
    await writeAuditEntry(transaction, {
      applicationId: client.application.applicationId,
      at: new Date(clock.now()),
      actor: { kind: 'key', id: client.clientId },
      action: 'revokeToken',
      path: `/v1/users/${encodeURIComponent(userId)}/tokens`,
      source: { address: request.ip, requestId: response.get(requestIdHeader) },
    });
  }
}

async function endIfOwn(
  context: ApiContext,
  { client: { application, clientId } }: Asked,
  grant: Parameters<typeof endRefreshGrant>[1] & { readonly clientId: string },
): Promise<void> {
  if (grant.applicationId === application.applicationId && grant.clientId === clientId) {
    await endRefreshGrant(context, grant);
  }
}
