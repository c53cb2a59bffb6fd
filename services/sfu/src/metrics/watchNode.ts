import type { Registry } from 'prom-client';
import type { CallCounts } from '../calls/inspectCalls.ts';
import type { MediaCounts, WorkerSummary } from '../media/inspectMedia.ts';
import type { TrafficTotals } from '../media/Traffic.ts';
import { openFilesOf, type OpenFiles } from '../workers/openFiles.ts';
import { observeCounter, observeGauge, type Sample } from './observe.ts';

/** What is looked at when somebody asks for the metrics. */
export interface NodeSources {
  readonly calls: () => CallCounts;
  readonly media: () => MediaCounts;
  /** Signaling sockets that are connected. */
  readonly sockets: () => number;
  readonly traffic: () => Promise<TrafficTotals>;
  readonly workers: () => readonly WorkerSummary[];
}

/** Shows what one sfu node holds at the moment it is looked at, and what has gone through it. */
export function watchNode(registry: Registry, sources: NodeSources): void {
  const { calls, media, sockets } = sources;
  observeGauge(registry, {
    name: 'parley_signaling_sockets',
    help: 'Signaling sockets that are connected.',
    read: () => [[{}, sockets()]],
  });
  observeGauge(registry, {
    name: 'parley_calls',
    help: 'Live calls, by kind and state.',
    labelNames: ['kind', 'state'],
    read: () => calls().calls.map(({ kind, state, count }) => [{ kind, state }, count]),
  });
  observeGauge(registry, {
    name: 'parley_participants',
    help: 'Participants of live calls, by state.',
    labelNames: ['state'],
    read: () => samplesOf('state', calls().participants),
  });
  observeGauge(registry, {
    name: 'parley_transports',
    help: 'WebRTC transports that are open.',
    read: () => [[{}, media().transports]],
  });
  observeGauge(registry, {
    name: 'parley_producers',
    help: 'Streams that are sent, by source.',
    labelNames: ['source'],
    read: () => samplesOf('source', media().producers),
  });
  observeGauge(registry, {
    name: 'parley_consumers',
    help: 'Streams to a participant, by kind and state; pictures that are forwarded by spatial layer, 0 the smallest.',
    labelNames: ['kind', 'state', 'layer'],
    read: () =>
      media().consumers.map(({ kind, state, layer, count }) => [
        { kind, state, ...(layer === undefined ? {} : { layer }) },
        count,
      ]),
  });
  watchWorkers(registry, sources);
  watchTraffic(registry, sources);
}

/** The port outlives a worker, the pid tells it from the one that takes its place. */
function watchWorkers(registry: Registry, { workers }: NodeSources): void {
  const ofEach = (read: (worker: WorkerSummary) => number) => () =>
    workers().map((worker) => [{ pid: worker.pid, port: worker.port }, read(worker)] as const);
  const ofFiles = (read: (files: OpenFiles) => number) => async () => {
    const samples = workers().map(async ({ pid, port }) => {
      const files = await openFilesOf(pid);

      return files === undefined ? [] : [[{ pid, port }, read(files)] as const];
    });

    return (await Promise.all(samples)).flat();
  };
  observeCounter(registry, {
    name: 'parley_media_worker_cpu_seconds_total',
    help: 'CPU time of each media worker.',
    labelNames: ['pid', 'port'],
    read: ofEach(({ cpuSeconds }) => cpuSeconds),
  });
  observeGauge(registry, {
    name: 'parley_media_worker_load_ratio',
    help: 'Load of each media worker as placing and shedding see it, 1 being one core.',
    labelNames: ['pid', 'port'],
    read: ofEach(({ load }) => load),
  });
  // Named as those of Node's own process.
  observeGauge(registry, {
    name: 'parley_media_worker_open_fds',
    help: 'Files of each media worker that are open, sockets included.',
    labelNames: ['pid', 'port'],
    read: ofFiles(({ count }) => count),
  });
  observeGauge(registry, {
    name: 'parley_media_worker_max_fds',
    help: 'Files that each media worker may have open.',
    labelNames: ['pid', 'port'],
    read: ofFiles(({ limit }) => limit),
  });
}

function watchTraffic(registry: Registry, { traffic }: NodeSources): void {
  const labelNames = ['direction'] as const;
  observeCounter(registry, {
    name: 'parley_media_bytes_total',
    help: 'Bytes of media that were received from clients and sent to them.',
    labelNames,
    read: async () => {
      const { bytesReceived, bytesSent } = await traffic();

      return samplesOf('direction', { received: bytesReceived, sent: bytesSent });
    },
  });
  observeCounter(registry, {
    name: 'parley_media_packets_total',
    help: 'RTP packets that were received from clients and sent to them.',
    labelNames,
    read: async () => {
      const { packetsReceived, packetsSent } = await traffic();

      return samplesOf('direction', { received: packetsReceived, sent: packetsSent });
    },
  });
  observeCounter(registry, {
    name: 'parley_media_packets_lost_total',
    help: 'RTP packets that were lost: on the way to be received here, or sent from here and missing at the client.',
    labelNames,
    read: async () => {
      const { receivedPacketsLost, sentPacketsLost } = await traffic();

      return samplesOf('direction', { received: receivedPacketsLost, sent: sentPacketsLost });
    },
  });
}

function samplesOf<Label extends string>(
  label: Label,
  counts: Readonly<Record<string, number>>,
): Sample<Label>[] {
  return Object.entries(counts).map(([value, count]) => [
    { [label]: value } as Partial<Record<Label, string>>,
    count,
  ]);
}
