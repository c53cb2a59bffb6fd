import type { Transaction } from '@parley/db';
import type { AuditActor } from '@parley/protocol/rest';
import type { RequestSource } from '../requests/RequestSource.ts';

export interface AuditedAction {
  /** Undefined for what concerns the whole service. */
  readonly applicationId: string | undefined;
  readonly at: Date;
  readonly actor: AuditActor;
  /** The operation's id. */
  readonly action: string;
  /** A path of the API; what it was done to. */
  readonly path: string;
  /** As of `auditDetails`; none when left out. */
  readonly details?: readonly string[];
  readonly source: RequestSource;
}

/** Writes who did what, when and from where, in the transaction of what was done. */
export async function writeAuditEntry(transaction: Transaction, action: AuditedAction): Promise<void> {
  const { applicationId, at, actor, path, details = [], source } = action;
  await transaction.auditEntry.create({
    data: {
      applicationId: applicationId ?? null,
      at,
      actorKind: actor.kind,
      actorId: actor.id ?? null,
      action: action.action,
      target: path.replace(/^\/v1\//, ''),
      details: [...details],
      address: source.address ?? null,
      requestId: source.requestId ?? null,
    },
  });
}
