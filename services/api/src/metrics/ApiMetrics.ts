import type { PoolUsage } from '@parley/db';
import { errorCodes } from '@parley/protocol';
import { Counter, Gauge, Histogram, type GaugeConfiguration, type Registry } from 'prom-client';

/** What a session token was issued for. */
export type TokenGrant = (typeof tokenGrants)[number];

const tokenGrants = [
  'password',
  'client_credentials',
  'refresh_token',
  'backend',
  'access_token',
  'guest_link',
] as const;

/** RFC 6749, section 5.2; what else OAuth refuses has a code of Parley's own. */
const oauthRefusals = [
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
];

export interface AnsweredRequest {
  /** The operation's id in the OpenAPI document, `other` for what is none. */
  readonly operation: string;
  readonly status: number | 'aborted';
  readonly seconds: number;
}

/** From a cached answer to one that had to wait for the database. */
const secondsBuckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * What an operator sees of the api; docs/guides/observing.md lists it.
 *
 * Every code and grant is there from the start: an alert on a counter misses the step from nothing to 1.
 */
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
      help: 'REST requests that were answered with an error, by its code.',
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
      help: 'Connections to PostgreSQL, by whether they are at work.',
      labelNames: ['state'],
      registers,
      collect() {
        const { busy, idle } = poolUsage();
        this.set({ state: 'busy' }, busy);
        this.set({ state: 'idle' }, idle);
      },
    });
    showGauge({
      name: 'parley_api_database_queries_waiting',
      help: 'Queries that wait for a connection to PostgreSQL.',
      registers,
      collect() {
        this.set(poolUsage().waiting);
      },
    });
    [...errorCodes, ...oauthRefusals].forEach((code) => this.#refusals.inc({ code }, 0));
    tokenGrants.forEach((grant) => this.#tokens.inc({ grant }, 0));
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
