import { createHash } from 'node:crypto';
import { assertNever } from '@parley/kit';
import { hasRight, type Principal } from '../principals/Principal.ts';

/**
 * Whose an Idempotency-Key is: keys of different clients have nothing to do with each other, even when they are the
 * same. The backends of an application are one client whichever API key they use, for a retry may come after a
 * rotation; those with the right `admin` are another, whose answers the others must not be shown.
 */
export function scopeOf(principal: Principal, body: unknown): string {
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
