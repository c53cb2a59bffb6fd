import type { ApplicationRecord } from '@parley/backplane';
import type { KeyRight } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';

/** The bearer of the operator key. */
export interface Operator {
  readonly kind: 'operator';
}

/** A trusted backend, by one of its API keys. */
export interface KeyHolder {
  readonly kind: 'key';
  /** `key_…` */
  readonly keyId: string;
  readonly rights: readonly KeyRight[];
  readonly application: ApplicationRecord;
}

/** Somebody with a session token: a user, or an administrator when it has the scope `admin`. */
export interface SessionHolder {
  readonly kind: 'session';
  readonly claims: SessionClaims;
  readonly application: ApplicationRecord;
}

/** Somebody without a credential in the header. */
export interface Visitor {
  readonly kind: 'visitor';
}

/** Who asks. */
export type Principal = Operator | KeyHolder | SessionHolder | Visitor;

/** Whether the principal has the right for the whole of their application. `admin` includes the others. */
export function hasRight(principal: Principal, right: KeyRight): boolean {
  switch (principal.kind) {
    case 'key':
      return principal.rights.includes(right) || principal.rights.includes('admin');
    case 'session':
      return principal.claims.scopes.includes('admin');
    default:
      return false;
  }
}
