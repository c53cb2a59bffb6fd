import { ProtocolError } from '@parley/protocol';
import { revokeRequestSchema, type IntrospectResponse } from '@parley/protocol/rest';
import { findAccessToken } from '../accessTokens/findAccessToken.ts';
import type { ApiContext } from '../context.ts';
import type { Gate } from '../operations/receive.ts';
import { parse } from '../requests/parse.ts';
import { isRevoked } from '../revocations/isRevoked.ts';
import { admitClient, admitKey, type Exchange, type OAuthClient } from './admitClient.ts';
import { claimsOf } from './claimsOf.ts';
import { invalidClient } from './clientCredentials.ts';
import { countStrangers } from './countStrangers.ts';
import { tokenQuota } from './quotas.ts';
import { readForm } from './readForm.ts';
import { findRefreshToken } from './refreshGrants.ts';

const inactive = { active: false } as const;

/**
 * `POST /v1/oauth/introspect` (RFC 7662), for keys that may know of every token of their application. A token of
 * another one is as unknown as one that never was.
 */
export async function introspectToken(
  context: ApiContext,
  gate: Gate,
  exchange: Exchange,
): Promise<IntrospectResponse> {
  const form = await countStrangers(context, gate, exchange, async () =>
    parse(revokeRequestSchema, await readForm(exchange.request, exchange.response)),
  );
  const client = isBearer(exchange)
    ? await admitKey(context, gate, exchange, {
        find: () => findBearer(gate, exchange),
        quotaOf: tokenQuota,
      })
    : await admitClient(context, gate, exchange, { form, quotaOf: tokenQuota });
  if (!client.rights.includes('provision') && !client.rights.includes('admin')) {
    throw new ProtocolError('forbidden', 'The client is no key with the right "provision".');
  }
  const { applicationId } = client.application;
  const answer =
    (await aboutRefreshToken(context, form.token)) ??
    (await aboutAccessToken(context, form.token)) ??
    (await aboutSessionToken(context, form.token));

  return answer?.aud === applicationId ? answer : inactive;
}

type ActiveToken = Extract<IntrospectResponse, { active: true }>;

async function aboutRefreshToken(
  { database, clock, publicUrl }: ApiContext,
  value: string,
): Promise<ActiveToken | undefined> {
  const token = await findRefreshToken({ database }, value);
  if (token === undefined || token.usedAt !== null) {
    return undefined;
  }
  const { applicationId, userId, clientId, scope, expiresAt, revokedAt } = token.grant;
  if (revokedAt !== null || expiresAt.getTime() <= clock.now()) {
    return undefined;
  }

  return {
    active: true,
    token_type: 'refresh_token',
    client_id: clientId,
    scope,
    sub: userId,
    aud: applicationId,
    iss: publicUrl,
    iat: toSeconds(token.createdAt.getTime()),
    exp: toSeconds(expiresAt.getTime()),
  };
}

/** Of those that `POST /v1/sessions` exchanges. */
async function aboutAccessToken(
  { database, publicUrl }: ApiContext,
  value: string,
): Promise<ActiveToken | undefined> {
  const token = await findAccessToken(database, value);
  if (token === undefined) {
    return undefined;
  }

  return {
    active: true,
    token_type: 'access_token',
    sub: token.userId,
    aud: token.applicationId,
    iss: publicUrl,
    iat: toSeconds(token.createdAt.getTime()),
  };
}

async function aboutSessionToken(context: ApiContext, value: string): Promise<ActiveToken | undefined> {
  const claims = await claimsOf(context, value);
  if (claims === undefined) {
    return undefined;
  }

  return isRevoked(context.backplane, claims)
    ? undefined
    : {
        active: true,
        token_type: 'Bearer',
        scope: claims.scopes.join(' '),
        sub: claims.identity.userId,
        aud: claims.applicationId,
        iss: context.publicUrl,
        iat: toSeconds(claims.issuedAtMs),
        exp: toSeconds(claims.expiresAtMs),
        jti: claims.tokenId,
      };
}

/** Beside the ways of RFC 6749, a backend may send its key as it does everywhere else. */
async function findBearer({ authenticate }: Gate, { request }: Exchange): Promise<OAuthClient> {
  const principal = await authenticate(request);
  if (principal.kind !== 'key') {
    throw invalidClient(request, 'Tokens are told of to API keys only.');
  }
  const { keyId: clientId, application, rights } = principal;

  return { clientId, application, rights, kind: 'confidential' };
}

function isBearer({ request }: Exchange): boolean {
  return /^Bearer /i.test(request.get('authorization') ?? '');
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
