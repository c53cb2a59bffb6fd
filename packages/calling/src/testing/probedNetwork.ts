import { loopMs, sampleMs } from '../precall/measureLoop.ts';
import type { PreCallStage, PreCallTest, PreCallTestOptions } from '../precall/precallTypes.ts';
import { runPreCallTest } from '../precall/startPreCallTest.ts';
import { wayLimitMs } from '../precall/tryWay.ts';
import { FakeTrack } from './fakeMediaStream.ts';
import type { FakeMediaSession } from './FakeMedia.ts';
import { FakeServer, joined } from './FakeServer.ts';
import { createTestClient, passInSteps } from './testClient.ts';

const candidate = (protocol: 'udp' | 'tcp') => ({
  foundation: protocol,
  priority: 1,
  ip: '192.0.2.1',
  address: '192.0.2.1',
  protocol,
  port: 40_000,
  type: 'host' as const,
});

const turn = { urls: ['turn:turn.example:3478'], username: 'u', credential: 'c' };

/** A browser that has all that is needed. */
const page = {
  RTCPeerConnection: Object,
  WebSocket: Object,
  MediaStream: Object,
  navigator: { mediaDevices: {} },
} as unknown as typeof globalThis;

export type Way = 'udp' | 'tcp' | 'relay' | 'media';

/** Which way a session was opened for, as the browser would see it. */
export function wayOf({ options }: FakeMediaSession): Way {
  const protocols = options.sendTransport.iceCandidates.map(({ protocol }) => protocol);
  if (options.iceTransportPolicy === 'relay') {
    return 'relay';
  }

  return protocols.length === 1 ? (protocols[0] as Way) : 'media';
}

/** A client, a server that can be probed, and a network on which these ways are open. */
export async function createProbedNetwork(ways: readonly Way[] = ['udp', 'tcp', 'relay', 'media']) {
  const server = new FakeServer();
  server.iceServers = [turn];
  const offered = joined('room', 'connected').media;
  const iceCandidates = [candidate('udp'), candidate('tcp')];
  let probes = 0;
  server.on('startProbe', () => {
    probes += 1;

    return {
      probeId: `probe-${probes}`,
      media: {
        ...offered,
        sendTransport: { ...offered.sendTransport, iceCandidates },
        receiveTransport: { ...offered.receiveTransport, iceCandidates },
        iceServers: server.iceServers,
      },
    };
  });
  const world = await createTestClient({ server });
  const { clock, media } = world;
  const tracks: FakeTrack[] = [];
  let kilobytes = 0;
  media.onOpened = (session) => {
    const way = wayOf(session);
    session.getStats = async () => {
      const [send, receive] = countersOf((kilobytes += 125)).map(
        (counters) => new Map(counters.map((one) => [one.id, one])),
      );

      return { send: send ?? new Map(), receive: receive ?? new Map() };
    };
    if (ways.includes(way)) {
      queueMicrotask(() => session.options.onPathChanged('connected'));
    }
  };
  const stages: PreCallStage[] = [];
  const track = (kind: 'audio' | 'video'): MediaStreamTrack => {
    const made = new FakeTrack(kind, 'synthetic');
    tracks.push(made);

    return made as unknown as MediaStreamTrack;
  };
  const start = (options: PreCallTestOptions = {}): PreCallTest =>
    runPreCallTest(
      world.client,
      { onProgress: (stage) => stages.push(stage), ...options },
      {
        page,
        openSyntheticMedia: ({ hasVideo }) => ({
          audio: track('audio'),
          video: hasVideo ? track('video') : undefined,
          close: () => tracks.forEach((one) => one.stop()),
        }),
      },
    );

  return {
    ...world,
    server,
    stages,
    tracks,
    start,
    /** Starts a test and lets all the time pass that it takes. */
    finish: async (test = start()): Promise<PreCallTest> => {
      await passInSteps(clock, 3 * wayLimitMs + loopMs, sampleMs);

      return test;
    },
    /** Probes that were begun and not ended. */
    get openProbes() {
      return server.asked('startProbe').length - server.asked('endProbe').length;
    },
    get openSessions() {
      return media.sessions.filter(({ isClosed }) => !isClosed).length;
    },
  };
}

/** 125 kB each half a second are 2000 kbit/s. */
function countersOf(kilobytes: number): [RTCStats[], RTCStats[]] {
  const stats = (one: object): RTCStats => ({ timestamp: 0, ...one }) as RTCStats;

  return [
    [
      stats({
        id: 'pair',
        type: 'candidate-pair',
        nominated: true,
        state: 'succeeded',
        localCandidateId: 'local',
        currentRoundTripTime: 0.02,
        availableOutgoingBitrate: 3_000_000,
      }),
      stats({ id: 'local', type: 'local-candidate', protocol: 'udp', candidateType: 'host' }),
      stats({ id: 'remote', type: 'remote-inbound-rtp', kind: 'video', roundTripTime: 0.25 }),
    ],
    [
      stats({
        id: 'video',
        type: 'inbound-rtp',
        kind: 'video',
        bytesReceived: 1_000 * kilobytes,
        packetsReceived: 900,
        packetsLost: 100,
        jitter: 0.045,
      }),
      stats({
        id: 'audio',
        type: 'inbound-rtp',
        kind: 'audio',
        bytesReceived: 0,
        packetsReceived: 100,
        packetsLost: -2,
        jitter: 0.005,
      }),
    ],
  ];
}

/** How a way is told of that is open, and of one that is not. */
export const reachable = { state: 'Reachable', timeToConnectMs: 0, cause: undefined };
export const unreached = (state: string, cause: string) => ({ state, timeToConnectMs: undefined, cause });
