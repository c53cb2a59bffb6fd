import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { observer, type types } from 'mediasoup';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audioPacket } from './support/audioPacket.ts';
import { addressOffer, openPlainTransports } from './support/plainTransports.ts';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu, type TestSfuOptions } from './support/testSfu.ts';
import { WebRtcClient } from './support/WebRtcClient.ts';

let sfu: TestSfu;
let worker: types.Worker;
let webRtcServer: types.WebRtcServer;

async function start(options: TestSfuOptions = {}, incomingBitrate = 10_000_000): Promise<void> {
  observer.once('newworker', (started) => {
    worker = started;
    worker.observer.once('newwebrtcserver', (server) => (webRtcServer = server));
  });
  sfu = await startTestSfu({ mediaLimits: { incomingBitrate } }, options);
}

afterEach(() => sfu[Symbol.asyncDispose]());

/** What the worker holds, as it says itself. */
async function holdings(): Promise<{ handlers: number; transports: number }> {
  const [dump, { webRtcTransportIds }] = await Promise.all([worker.dump(), webRtcServer.dump()]);

  return {
    handlers: dump.channelMessageHandlers.channelRequestHandlers.length,
    transports: webRtcTransportIds.length,
  };
}

describe('over WebRTC, a probe', () => {
  let alice: TestClient;

  beforeEach(async () => {
    await start();
    alice = await sfu.connect('alice');
  });

  for (const direction of ['sendTransport', 'receiveTransport'] as const) {
    for (const protocol of ['udp', 'tcp'] as const) {
      it(`has two transports that its client reaches: ${direction} over ${protocol}`, async () => {
        const client = await WebRtcClient.create();
        const { routerRtpCapabilities } = await alice.welcome();
        const { media } = await alice.request('startProbe', { media: client.offer(routerRtpCapabilities) });

        expect(await client.connect(media[direction], protocol)).toBe('connected');
        client.close();
      });
    }
  }

  it('leaves nothing in the worker, whether it is ended or its connection is lost', async () => {
    const before = await holdings();
    const bob = await sfu.connect('bob');
    const stream = { kind: 'audio', rtpParameters: opusParameters() } as const;
    const { probeId } = await alice.request('startProbe', { media: await alice.offer() });
    await alice.request('loopBack', { probeId, ...stream });
    const lost = await bob.request('startProbe', { media: await bob.offer() });
    await bob.request('loopBack', { probeId: lost.probeId, ...stream });
    expect(await holdings()).toMatchObject({ transports: 4 });

    await alice.request('endProbe', { probeId });
    bob.drop();

    await expect.poll(holdings).toEqual(before);
  });

  it('that cannot be opened leaves nothing in the worker either', async () => {
    const before = await holdings();
    const media = await alice.offer();
    const dtlsFingerprints = [{ algorithm: 'sha-256', value: 'none' }] as const;

    expect(await alice.refusal({ name: 'startProbe', data: { media: { ...media, dtlsFingerprints } } })).toBe(
      'invalid_request',
    );
    await expect.poll(holdings).toEqual(before);
    await alice.request('startProbe', { media });
  });

  it('takes one stream of each kind, in one encoding', async () => {
    const { probeId } = await alice.request('startProbe', { media: await alice.offer() });
    const loopBack = (kind: string, rtpParameters: object) =>
      alice.refusal({ name: 'loopBack', data: { probeId, kind, rtpParameters } });

    expect(await loopBack('video', vp8Parameters())).toBe('invalid_request');
    expect(await loopBack('video', opusParameters())).toBe('invalid_request');
    expect(await loopBack('audio', opusParameters())).toBeUndefined();
    expect(await loopBack('audio', opusParameters(2))).toBe('invalid_state');
  });

  it('that was answered is not begun again when it is asked for once more', async () => {
    const media = await alice.offer();
    const first = await alice.request('startProbe', { media }, 'once');

    expect(await alice.request('startProbe', { media }, 'once')).toEqual(first);
  });

  it('is gone for its client when its worker has died', async () => {
    const media = await alice.offer();
    const { probeId } = await alice.request('startProbe', { media });

    process.kill(worker.pid, 'SIGKILL');

    await expect.poll(() => alice.refusal({ name: 'endProbe', data: { probeId } })).toBe('not_found');
    await expect.poll(() => alice.refusal({ name: 'startProbe', data: { media } })).toBeUndefined();
  });
});

describe('what is sent to a probe', () => {
  let socket: Socket;
  let alice: TestClient;
  let registry: Registry;

  const open = async (incomingBitrate?: number): Promise<{ probeId: string; port: number }> => {
    registry = new Registry();
    await start({ openTransports: openPlainTransports, metrics: registry }, incomingBitrate);
    alice = await sfu.connect('alice');
    socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const dtlsFingerprints = [addressOffer(socket.address().port)];
    const { probeId, media } = await alice.request('startProbe', {
      media: { ...(await alice.offer()), dtlsFingerprints },
    });

    return { probeId, port: media.sendTransport.iceCandidates[0]?.port ?? 0 };
  };

  afterEach(() => socket.close());

  it('comes back to its sender, and counts as no call, participant or stream of one', async () => {
    const { probeId, port } = await open();
    const { consumer } = await alice.request('loopBack', {
      probeId,
      kind: 'audio',
      rtpParameters: opusParameters(),
    });
    const returned = new Promise<Buffer>((resolve) => {
      socket.on('message', (packet) => {
        if (packet.readUInt32BE(8) === consumer.rtpParameters.encodings?.[0]?.ssrc) {
          resolve(packet);
        }
      });
    });
    const payload = Buffer.from('there and back again');
    // Until one arrives: the first may be there before the consumer has begun.
    const sending = setInterval(() => {
      socket.send(
        audioPacket({ ssrc: 10_000, sequence: Date.now() & 0xff_ff, db: 30, payload }),
        port,
        '127.0.0.1',
      );
    }, 20);

    const packet = await returned;
    clearInterval(sending);

    expect(packet.subarray(-payload.length)).toEqual(payload);
    const samples = await registry.getMetricsAsJSON();
    const names = ['parley_calls', 'parley_participants', 'parley_transports', 'parley_producers'];
    const counted = samples.filter(({ name }) => names.includes(name));
    expect(counted).toHaveLength(names.length);
    expect(counted.flatMap(({ values }) => values.filter(({ value }) => value !== 0))).toEqual([]);
    expect(sfu.sfu.dumpCalls()).toEqual([]);
  });

  it('ends it when it is far more than one participant may send', async () => {
    const { probeId, port } = await open(50_000);
    const payload = Buffer.alloc(1_000);
    let sequence = 0;
    const sending = setInterval(() => {
      for (let count = 0; count < 20; count += 1) {
        sequence += 1;
        socket.send(audioPacket({ ssrc: 10_000, sequence, db: 30, payload }), port, '127.0.0.1');
      }
    }, 20);

    await expect
      .poll(
        () =>
          alice.refusal({
            name: 'loopBack',
            data: { probeId, kind: 'audio', rtpParameters: opusParameters() },
          }),
        {
          timeout: 15_000,
          interval: 500,
        },
      )
      .toBe('not_found');
    clearInterval(sending);
  }, 20_000);
});
