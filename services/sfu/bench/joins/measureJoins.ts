import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { percentiles, startOnCore, type Percentiles } from '@parley/test-kit/bench';
import { TestClient } from '../../test/support/TestClient.ts';
import { WebRtcClient } from '../../test/support/WebRtcClient.ts';
import type { Opened, OpenRequest } from './messages.ts';

export interface JoinFigures {
  readonly join: {
    /** From the opening of the socket to media that may flow: DTLS is connected. */
    readonly p50Ms: number;
    readonly p95Ms: number;
    /** Of that, from the answer of `joinRoom` to DTLS connected. */
    readonly dtlsP50Ms: number;
    readonly dtlsP95Ms: number;
    readonly perSecond: number;
    readonly joins: number;
    readonly clientsCpuPercent: number;
  };
}

interface Joined {
  readonly totalMs: number;
  readonly dtlsMs: number;
}

const perSecond = 20;
const joins = 300;
/** Not counted: the first ones find everything cold. */
const warmUp = 20;
/** How long each one stays. */
const stayMs = 2_000;
const rooms = 10;

/**
 * People who come at a constant rate, whatever becomes of those before them, so that nobody's wait hides another's
 * (coordinated omission). Each has a socket of its own, and ICE and DTLS by libwebrtc. The sfu and its worker have one
 * core, all the clients the other.
 */
export async function measureJoins(): Promise<JoinFigures> {
  const sfu = startOnCore(0, join(import.meta.dirname, 'sfuProcess.ts'));
  sfu.send({ rooms, users: joins } satisfies OpenRequest);
  const [{ url, roomIds, tokens }] = (await once(sfu, 'message')) as [Opened];
  const before = process.cpuUsage();
  const begun = performance.now();

  try {
    const joined = await Promise.all(
      tokens.map(async (token, index) => {
        await delay((index / perSecond) * 1_000);

        return joinOnce(url, token, roomIds[index % rooms] ?? '');
      }),
    );
    const { user, system } = process.cpuUsage(before);
    const counted = joined.slice(warmUp);
    const of = (milliseconds: (one: Joined) => number): Percentiles => percentiles(counted.map(milliseconds));
    const [total, dtls] = [of(({ totalMs }) => totalMs), of(({ dtlsMs }) => dtlsMs)];

    return {
      join: {
        p50Ms: total.p50,
        p95Ms: total.p95,
        dtlsP50Ms: dtls.p50,
        dtlsP95Ms: dtls.p95,
        perSecond,
        joins: counted.length,
        clientsCpuPercent: Math.round((user + system) / (performance.now() - begun) / 10),
      },
    };
  } finally {
    const exited = once(sfu, 'exit');
    sfu.disconnect();
    await exited;
  }
}

async function joinOnce(url: string, token: string, roomId: string): Promise<Joined> {
  // As the SDK does: its certificate is there before anybody joins.
  const peer = await WebRtcClient.create();
  const begun = performance.now();
  const client = await TestClient.connect(url, token);
  try {
    const { routerRtpCapabilities } = await client.welcome();
    const { media } = await client.enter('joinRoom', { roomId, media: peer.offer(routerRtpCapabilities) });
    const answered = performance.now();
    const state = await peer.connect(media.sendTransport);
    const connected = performance.now();
    if (state !== 'connected') {
      throw new Error(`The transport is ${state}.`);
    }
    await delay(stayMs);

    return { totalMs: connected - begun, dtlsMs: connected - answered };
  } finally {
    peer.close();
    client.socket.disconnect();
  }
}
