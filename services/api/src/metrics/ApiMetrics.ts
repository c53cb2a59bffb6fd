import type { PoolUsage } from '@parley/db';
import { Counter, Gauge, Histogram, type GaugeConfiguration, type Registry } from 'prom-client';

/** What a session token was issued for. */
export type TokenGrant =
  'password' | 'client_credentials' | 'refresh_token' | 'backend' | 'access_token' | 'guest_link';

export interface AnsweredRequest {
  /** The operation's id in the OpenAPI document, `other` for what is none. */
  readonly operation: string;
  readonly status: number | 'aborted';
  readonly seconds: number;
}

/** From a cached answer to one that had to wait for the database. */
const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What an operator sees of the api; docs/guides/observing.md lists it. */
export class ApiMetrics {
  readonly #requests: Histogram<'operation' | 'status'>;
  readonly #refusals: Counter<'code'>;
  readonly #tokens: Counter<'grant'>;

  constructor(registry: Registry, poolUsage: () => PoolUsage) {
    const registers = [registry];
    this.#requests = new Histogram({
      name: 'parley_api_request_duration_seconds',
      help: 'Time from a REST request to the end of its answer.',
      labelNames: ['operation', 'status'],
      buckets: secondsBuckets,
      registers,
    });
    this.#refusals = new Counter({
      name: 'parley_api_refusals_total',
      help: 'REST requests answered with an error, by its code.',
      labelNames: ['code'],
      registers,
    });
    this.#tokens = new Counter({
      name: 'parley_api_tokens_issued_total',
      help: 'Session tokens signed, by what they were issued for.',
      labelNames: ['grant'],
      registers,
    });
    showGauge({
      name: 'parley_api_database_connections',
      help: 'Connections to PostgreSQL, and requests waiting for one.',
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, count] of Object.entries(poolUsage())) {
          this.set({ state }, count);
        }
      },
    });
  }

  answered({ operation, status, seconds }: AnsweredRequest): void {
    this.#requests.observe({ operation, status: String(status) }, seconds);
  }

  refused(code: string): void {
    this.#refusals.inc({ code });
  }

  tokenIssued(grant: TokenGrant): void {
    this.#tokens.inc({ grant });
  }
}

/** It is read when somebody looks, and belongs to its registry. */
function showGauge<Label extends string>(configuration: GaugeConfiguration<Label>): Gauge<Label> {
  return new Gauge(configuration);
}
