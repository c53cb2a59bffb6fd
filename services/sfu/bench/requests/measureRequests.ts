import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { signalingPath } from '@parley/protocol';
import { percentile, startOnCore } from '@parley/test-kit/bench';
import { io, type Socket } from 'socket.io-client';
import { TestClient } from '../../test/support/TestClient.ts';
import type { CpuAnswer, Opened } from './messages.ts';

export interface RequestFigures {
  /** Requests answered for each second of the process's work, divided by those of a bare echo. */
  readonly requestRatio: number;
  readonly requestsPerSecond: number;
  readonly echoesPerSecond: number;
  readonly requestP99Ms: number;
}

interface Run {
  readonly perCpuSecond: number;
  readonly p99Ms: number;
}

let asked = 0;
const nextId = (): string => `request-${(asked += 1)}`;

const rounds = 8;
const roundMs = 1_500;
/** Requests that each connection has under way. */
const window = 8;

/**
 * Asks the sfu the cheapest request there is of somebody in a call, and a bare Socket.IO server nothing at all. Counted
 * by the CPU time of the servers' process, and in turns of two orders, so that others on the machine disturb little.
 */
export async function measureRequests(): Promise<RequestFigures> {
  const servers = startOnCore(0, join(import.meta.dirname, 'serversProcess.ts'));
  const receive = async <Message>(): Promise<Message> => (await once(servers, 'message'))[0] as Message;
  const cpuSeconds = async (): Promise<number> => {
    servers.send('cpu');

    return (await receive<CpuAnswer>()).cpuSeconds;
  };
  const { parley, echo, tokens } = await receive<Opened>();
  const ours = await Promise.all(tokens.map((token) => enter(parley, token)));
  const bare = await Promise.all(tokens.map(() => connect(echo)));
  const request = { name: 'closeConsumers', data: { callId: ours[0]?.callId ?? '', consumerIds: ['none'] } };

  async function run(sockets: readonly Socket[]): Promise<Run> {
    const before = await cpuSeconds();
    const durations = await load(sockets, request);
    const spent = (await cpuSeconds()) - before;

    return { perCpuSecond: durations.length / spent, p99Ms: percentile(durations, 0.99) };
  }

  try {
    const ourSockets = ours.map(({ socket }) => socket);
    await run(ourSockets);
    await run(bare);
    const results = { ours: [] as Run[], bare: [] as Run[] };
    for (let round = 0; round < rounds; round += 1) {
      results.ours.push(await run(ourSockets));
      results.bare.push(await run(bare), await run(bare));
      results.ours.push(await run(ourSockets));
    }
    const median = (runs: readonly Run[]): number =>
      percentile(
        runs.map(({ perCpuSecond }) => perCpuSecond),
        0.5,
      );

    return {
      requestRatio: median(results.ours) / median(results.bare),
      requestsPerSecond: median(results.ours),
      echoesPerSecond: median(results.bare),
      requestP99Ms: percentile(
        results.ours.map(({ p99Ms }) => p99Ms),
        0.5,
      ),
    };
  } finally {
    for (const socket of [...ours.map((entered) => entered.socket), ...bare]) {
      socket.disconnect();
    }
    const exited = once(servers, 'exit');
    servers.disconnect();
    await exited;
  }
}

/** Keeps every connection busy for a while; answers how long each request took, milliseconds. */
async function load(sockets: readonly Socket[], request: object): Promise<number[]> {
  const durations: number[] = [];
  const endsAt = performance.now() + roundMs;
  const askOn = async (socket: Socket): Promise<void> => {
    while (performance.now() < endsAt) {
      const askedAt = performance.now();
      // With an id, as the SDK sends all of them: its answer is kept for when it comes again.
      const answer = (await socket.emitWithAck('request', { ...request, requestId: nextId() })) as {
        ok: boolean;
      };
      if (!answer.ok) {
        throw new Error(`The request was refused: ${JSON.stringify(answer)}`);
      }
      durations.push(performance.now() - askedAt);
    }
  };
  await Promise.all(sockets.flatMap((socket) => Array.from({ length: window }, () => askOn(socket))));

  return durations;
}

async function connect(url: string): Promise<Socket> {
  const socket = io(url, {
    path: signalingPath,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });

  return socket;
}

/** Into the room that all of them share. */
async function enter(url: string, token: string): Promise<{ socket: Socket; callId: string }> {
  const client = await TestClient.connect(url, token);
  const { call } = await client.enter('joinRoom', { roomId: 'bench', media: await client.offer() });

  return { socket: client.socket, callId: call.id };
}
