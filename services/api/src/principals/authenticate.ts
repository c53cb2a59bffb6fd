import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApplicationRecord } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';
import { isRevoked } from '../revocations/isRevoked.ts';
import type { Principal } from './Principal.ts';

export type Authenticate = (request: Request) => Promise<Principal>;

/**
 * Reads `Authorization: Bearer …`: an API key's secret, a session token, or the operator key. Throws
 * `unauthenticated`, `token_expired`, `token_revoked` or `unavailable`; without the header the principal is a visitor.
 */
export function createAuthenticate(
  { keyRing, verify, backplane }: Pick<ApiContext, 'keyRing' | 'verify' | 'backplane'>,
  operatorKey: string | undefined,
): Authenticate {
  const { admission } = backplane;
  const operatorHash = operatorKey === undefined ? undefined : sha256(operatorKey);

  return async (request) => {
    const header = request.get('authorization');
    if (header === undefined) {
      return { kind: 'visitor' };
    }
    const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (bearer === undefined) {
      throw new ProtocolError('unauthenticated', 'Send the credential as Authorization: Bearer …');
    }
    if (operatorHash !== undefined && timingSafeEqual(sha256(bearer), operatorHash)) {
      return { kind: 'operator' };
    }

    refuseOtherThings(bearer);

    return bearer.startsWith('sk_') ? holderOfKey(bearer) : holderOfSession(bearer);
  };

  async function holderOfKey(secret: string): Promise<Principal> {
    const key = await keyRing.find(secret);
    const application = key === undefined ? undefined : await admission.application(key.applicationId);
    if (key === undefined || application === undefined) {
      throw new ProtocolError('unauthenticated', 'The API key is not valid.');
    }

    return { kind: 'key', keyId: key.keyId, rights: key.rights, application };
  }

  async function holderOfSession(token: string): Promise<Principal> {
    const claims = await verify(token);
    if (isRevoked(backplane, claims)) {
      throw new ProtocolError('token_revoked');
    }
    const application: ApplicationRecord | undefined = await admission.application(claims.applicationId);
    if (application === undefined) {
      throw new ProtocolError('unauthenticated', 'The application of the token is not known here.');
    }

    return { kind: 'session', claims, application };
  }
}

/** What is mistaken for a credential, and what is meant to be sent. */
const mistakes: ReadonlyMap<string, string> = new Map([
  ['pk_', 'A public key is no credential: send the secret of a key, sk_….'],
  ['key_', "A key's id is no credential: send its secret, sk_…."],
  ['at_', 'An access token is exchanged for a session token first: POST /v1/sessions.'],
  ['rt_', 'A refresh token is exchanged for a session token first: POST /v1/oauth/token.'],
]);

function refuseOtherThings(bearer: string): void {
  const mistake = mistakes.get(/^[a-z]+_/.exec(bearer)?.[0] ?? '');
  if (mistake !== undefined) {
    throw new ProtocolError('unauthenticated', mistake);
  }
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
