import { Listing } from '../Listing.ts';
import type { AuditEntry, ListAuditEntriesQuery, ListOperatorAuditEntriesQuery } from '../models.ts';
import { path } from '../path.ts';
import type { RequestOptions, Transport } from '../Transport.ts';

/** Who did what, when and from where. */
export class AuditEntries {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  list(query?: ListAuditEntriesQuery, options?: RequestOptions): Listing<AuditEntry> {
    return new Listing(this.#transport, path`/v1/audit-entries`, query, options);
  }

  /** With the operator key: of the whole service, or of one application whether or not it is still there. */
  listForOperator(query?: ListOperatorAuditEntriesQuery, options?: RequestOptions): Listing<AuditEntry> {
    return new Listing(this.#transport, path`/v1/operator/audit-entries`, query, options);
  }
}
