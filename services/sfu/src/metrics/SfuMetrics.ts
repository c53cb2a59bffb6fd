import {
  Counter,
  Gauge,
  Histogram,
  type CounterConfiguration,
  type GaugeConfiguration,
  type Registry,
} from 'prom-client';
import type { CallCounts } from '../calls/inspectCalls.ts';
import type { MediaCounts } from '../media/inspectMedia.ts';
import type { TrafficTotals } from '../media/Traffic.ts';

/** How an entry into a call went: let in, to wait in the lobby, or the code of the refusal. */
export type JoinOutcome = string;

/**
 * What had to be mended: a socket that came back with its media intact, one whose media was built anew, a path that
 * ICE found again, a worker that died or was emptied, a process that was started again.
 */
export type RecoveryKind =
  'resume' | 'rejoin' | 'iceRestart' | 'workerDeath' | 'workerMove' | 'processRestart';

/** What the gauges are read from, when somebody looks. */
export interface SfuSources {
  readonly calls: () => CallCounts;
  readonly media: () => MediaCounts;
  /** Signaling sockets that are connected. */
  readonly sockets: () => number;
  readonly traffic: () => Promise<TrafficTotals>;
  readonly workers: () => readonly WorkerUsage[];
}

/** What one worker process has done since it was started. */
export interface WorkerUsage {
  /** Names it from one start to the next. */
  readonly port: number;
  readonly cpuSeconds: number;
  /** Of one core, smoothed. */
  readonly load: number;
}

/** From an answer that only looks at memory to one that waits for the worker. */
const secondsBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What an operator sees of one sfu node; docs/guides/observing.md lists it. */
export class SfuMetrics {
  readonly #registry: Registry;
  readonly #requests: Histogram<'request' | 'outcome'>;
  readonly #joins: Counter<'outcome'>;
  readonly #recoveries: Counter<'kind'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#registry = registry;
    this.#requests = new Histogram({
      name: 'parley_signaling_request_duration_seconds',
      help: 'Time from a signaling request to its answer, by name and by ok or the code of the error.',
      labelNames: ['request', 'outcome'],
      buckets: secondsBuckets,
      registers,
    });
    this.#joins = new Counter({
      name: 'parley_joins_total',
      help: 'Entries into calls that were asked for, by how they went: joined, lobby, or the code of the refusal.',
      labelNames: ['outcome'],
      registers,
    });
    this.#recoveries = new Counter({
      name: 'parley_recoveries_total',
      help: 'What was lost and got back, by kind.',
      labelNames: ['kind'],
      registers,
    });
  }

  answered(request: string, outcome: string, seconds: number): void {
    this.#requests.observe({ request, outcome }, seconds);
  }

  joined(outcome: JoinOutcome): void {
    this.#joins.inc({ outcome });
  }

  recovered(kind: RecoveryKind, count = 1): void {
    this.#recoveries.inc({ kind }, count);
  }

  /** Shows from here on what the node holds at the moment it is looked at. */
  watch({ calls, media, sockets, traffic, workers }: SfuSources): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, read: () => number): void => {
      showGauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };

    gauge('parley_signaling_sockets', 'Signaling sockets that are connected.', sockets);
    gauge('parley_transports', 'WebRTC transports that are open.', () => media().transports);
    showGauge({
      name: 'parley_calls',
      help: 'Live calls, by kind and state.',
      labelNames: ['kind', 'state'],
      registers,
      collect() {
        this.reset();
        for (const { kind, state, count } of calls().calls) {
          this.set({ kind, state }, count);
        }
      },
    });
    showGauge({
      name: 'parley_participants',
      help: 'Participants of live calls, by state.',
      labelNames: ['state'],
      registers,
      collect() {
        this.reset();
        for (const [state, count] of Object.entries(calls().participants)) {
          this.set({ state }, count);
        }
      },
    });
    showGauge({
      name: 'parley_producers',
      help: 'Streams that are sent, by source.',
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const [source, count] of Object.entries(media().producers)) {
          this.set({ source }, count);
        }
      },
    });
    showGauge({
      name: 'parley_consumers',
      help: 'Streams that are forwarded, by kind and spatial layer (0 is the smallest, none while paused).',
      labelNames: ['kind', 'layer'],
      registers,
      collect() {
        this.reset();
        for (const { kind, layer, count } of media().consumers) {
          this.set({ kind, layer }, count);
        }
      },
    });
    this.#watchWorkers(workers);
    this.#watchTraffic(traffic);
  }

  #watchWorkers(workers: SfuSources['workers']): void {
    const registers = [this.#registry];
    const labelNames = ['worker'];
    showCounter({
      name: 'parley_media_worker_cpu_seconds_total',
      help: 'CPU time of each media worker, by the port it listens on.',
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const { port, cpuSeconds } of workers()) {
          this.inc({ worker: port }, cpuSeconds);
        }
      },
    });
    showGauge({
      name: 'parley_media_worker_load_ratio',
      help: 'Load of each media worker as placing and shedding see it, 1 being one core.',
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const { port, load } of workers()) {
          this.set({ worker: port }, load);
        }
      },
    });
  }

  #watchTraffic(traffic: SfuSources['traffic']): void {
    const counter = (
      name: string,
      help: string,
      read: (totals: TrafficTotals) => Record<string, number>,
    ): void => {
      showCounter({
        name,
        help,
        labelNames: ['direction'],
        registers: [this.#registry],
        async collect() {
          const totals = read(await traffic());
          this.reset();
          for (const [direction, count] of Object.entries(totals)) {
            this.inc({ direction }, count);
          }
        },
      });
    };
    counter('parley_media_bytes_total', 'Bytes of media, by direction.', (totals) => ({
      received: totals.bytesReceived,
      sent: totals.bytesSent,
    }));
    counter(
      'parley_media_packets_total',
      'RTP packets that clients have sent: those received, and those lost.',
      (totals) => ({
        received: totals.packetsReceived,
        lost: totals.packetsLost,
      }),
    );
  }
}

/** Both are read when somebody looks, and belong to their registry. */
function showGauge<Label extends string>(configuration: GaugeConfiguration<Label>): Gauge<Label> {
  return new Gauge(configuration);
}

function showCounter<Label extends string>(configuration: CounterConfiguration<Label>): Counter<Label> {
  return new Counter(configuration);
}
