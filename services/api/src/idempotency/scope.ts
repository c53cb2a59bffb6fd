import { createHash } from 'node:crypto';
import { assertNever } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import { hasRight, type Principal } from '../principals/Principal.ts';

/** With its dashes or without. */
const uuid = /^[\da-f]{8}(-?[\da-f]{4}){3}-?[\da-f]{12}$/i;

/**
 * Whose an Idempotency-Key is: keys of different clients have nothing to do with each other, even when they are the
 * same. The backends of an application are one client whichever API key they use, for a retry may come after a
 * rotation; those with the right `admin` are another, whose answers the others must not be shown. The guests of a link
 * cannot be told apart but by their keys, so a visitor's key must be one that nobody else comes upon; throws
 * `invalid_request` when it is not.
 */
export function scopeOf(principal: Principal, { key, body }: { key: string; body: unknown }): string {
  switch (principal.kind) {
    case 'operator':
      return 'operator';
    case 'key':
    case 'session':
      return scopeOfApplication(
        principal.application.applicationId,
        hasRight(principal, 'admin') ? 'admin' : 'provision',
      );
    case 'visitor':
      if (!uuid.test(key)) {
        throw new ProtocolError('invalid_request', "A visitor's Idempotency-Key must be a UUID.");
      }

      return `visitor:${createHash('sha256').update(credentialIn(body)).digest('base64url')}`;
    default:
      return assertNever(principal);
  }
}

/** Every scope of an application's own clients. */
export function applicationScopes(applicationId: string): string[] {
  return [scopeOfApplication(applicationId, 'admin'), scopeOfApplication(applicationId, 'provision')];
}

function scopeOfApplication(applicationId: string, right: 'admin' | 'provision'): string {
  return `application:${applicationId}:${right}`;
}

/** The secret by which a visitor is let in. */
function credentialIn(body: unknown): string {
  const { code, accessToken } = body as { code?: string; accessToken?: string };

  return code ?? accessToken ?? '';
}
