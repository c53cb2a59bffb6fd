import { assertNever } from '@parley/kit';
import type { AuditActor } from '@parley/protocol/rest';
import type { Principal } from '../principals/Principal.ts';

/** How the audit log names a principal; undefined for those whose requests are no administrative action. */
export function auditActor(principal: Principal): AuditActor | undefined {
  switch (principal.kind) {
    case 'operator':
      return { kind: 'operator' };
    case 'key':
      return { kind: 'key', id: principal.keyId };
    case 'session':
      return { kind: 'administrator', id: principal.claims.identity.userId };
    case 'visitor':
      return undefined;
    default:
      return assertNever(principal);
  }
}
