import { errorCodes } from '@parley/protocol';
import { Counter, Histogram, type Registry } from 'prom-client';

/** How an entry into a call went: let in, to wait in the lobby, sent to another node, or the code of the refusal. */
const joinOutcomes = ['joined', 'lobby', 'redirect', ...errorCodes];

/**
 * What had to be mended: a socket that came back with its media intact, one whose media was built anew, a path that
 * ICE found again, a worker that died or was emptied, a process that was started again.
 */
export type RecoveryKind = (typeof recoveryKinds)[number];

const recoveryKinds = [
  'resume',
  'rejoin',
  'iceRestart',
  'workerDeath',
  'workerMove',
  'processRestart',
] as const;

/** From an answer that only looks at memory to one that waits for the worker. */
const secondsBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * What an operator is told of one sfu node; `watchNode` has what is looked up. docs/guides/observing.md lists both.
 *
 * Every outcome and kind is there from the start: an alert on a counter misses the step from nothing to 1.
 */
export class SfuMetrics {
  readonly #requests: Histogram<'request' | 'outcome'>;
  readonly #joins: Counter<'outcome'>;
  readonly #recoveries: Counter<'kind'>;
  readonly #cutOff: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Histogram({
      name: 'parley_signaling_request_duration_seconds',
      help: 'Time from a signaling request to its answer, by name and by ok or the code of the error.',
      labelNames: ['request', 'outcome'],
      buckets: secondsBuckets,
      registers,
    });
    this.#joins = new Counter({
      name: 'parley_joins_total',
      help: 'Entries into calls that were asked for, by how they went: joined, lobby, redirect, or the code of the refusal.',
      labelNames: ['outcome'],
      registers,
    });
    this.#recoveries = new Counter({
      name: 'parley_recoveries_total',
      help: 'Participants for whom something was lost and got back, by kind.',
      labelNames: ['kind'],
      registers,
    });
    this.#cutOff = new Counter({
      name: 'parley_signaling_sockets_cut_off_total',
      help: 'Sockets that were cut off since their clients did not read what they were sent.',
      registers,
    });
    joinOutcomes.forEach((outcome) => this.#joins.inc({ outcome }, 0));
    recoveryKinds.forEach((kind) => this.#recoveries.inc({ kind }, 0));
  }

  answered(request: string, outcome: string, seconds: number): void {
    this.#requests.observe({ request, outcome }, seconds);
  }

  joined(outcome: string): void {
    this.#joins.inc({ outcome });
  }

  recovered(kind: RecoveryKind, participants = 1): void {
    this.#recoveries.inc({ kind }, participants);
  }

  /** A client did not read what it was sent. */
  cutOff(): void {
    this.#cutOff.inc();
  }
}
