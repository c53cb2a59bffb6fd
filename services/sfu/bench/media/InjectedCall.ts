import { limitsWith, type CallSettings, type ConsumerInfo, type Notification } from '@parley/protocol';
import { Registry } from 'prom-client';
import { samplesIn } from '../../test/support/samples.ts';
import type { TestClient } from '../../test/support/TestClient.ts';
import { startTestSfu, type TestSfu } from '../../test/support/testSfu.ts';
import type { Injector } from './Injector.ts';
import { plainTransports, type PlainSender } from './plainTransports.ts';
import {
  injectedCamera,
  injectedMicrophone,
  withoutBandwidthEstimation,
  type InjectedSource,
} from './streams.ts';

export interface InjectedCallOptions {
  readonly injector: Injector;
  readonly rulesOff: CallSettings['rulesOff'];
  readonly camera: 'simulcast' | 'single';
  /** How many participants have what they receive counted; that of the others costs the generator nothing. */
  readonly counted: number;
}

interface Member {
  readonly client: TestClient;
  readonly callId: string;
  readonly camera: InjectedSource;
  readonly cameraId: string;
  /** What it shows, by producer. */
  readonly shown: Map<string, ConsumerInfo>;
}

const roomId = 'bench';
const tile = { width: 320, height: 180 };
const maxIds = 100;
/** What a full worker would be spared is what is measured here. */
const neverShed = {
  relieveAbove: Infinity,
  fewerVideosAbove: Infinity,
  noNewVideoAbove: Infinity,
  noJoinAbove: Infinity,
};

/** A room whose participants join by real signaling and send and receive through an `Injector`. */
export class InjectedCall implements AsyncDisposable {
  readonly sfu: TestSfu;
  readonly #options: InjectedCallOptions;
  readonly #senders: Map<string, PlainSender>;
  readonly #metrics: Registry;
  readonly #members: Member[] = [];

  private constructor(
    sfu: TestSfu,
    options: InjectedCallOptions,
    { senders, metrics }: { senders: Map<string, PlainSender>; metrics: Registry },
  ) {
    this.sfu = sfu;
    this.#options = options;
    this.#senders = senders;
    this.#metrics = metrics;
  }

  static async start(options: InjectedCallOptions): Promise<InjectedCall> {
    const { injector, counted, rulesOff } = options;
    const senders = new Map<string, PlainSender>();
    const metrics = new Registry();
    let opened = 0;
    const sfu = await startTestSfu(
      { mediaLimits: { consumers: 10_000 }, callLimits: { joinsPerSecond: 1_000 }, loadLimits: neverShed },
      {
        metrics,
        openTransports: plainTransports({
          onOpened: (participantId, sender) => senders.set(participantId, sender),
          nextPort: () => ((opened += 1) <= counted ? injector.countedPort : injector.ignoredPort),
        }),
      },
    );
    await sfu.putApplication({
      limits: limitsWith({ signalingRequestsPerSecond: 100_000 }),
      callSettings: { rulesOff: [...rulesOff] },
    });
    await sfu.putRoom({ roomId, maxParticipants: 1_000 });

    return new InjectedCall(sfu, options, { senders, metrics });
  }

  get size(): number {
    return this.#members.length;
  }

  /** Packets of media that have left for the participants so far. */
  packetsOut(): Promise<number> {
    return samplesIn(this.#metrics, 'parley_media_packets_total', { direction: 'sent' });
  }

  /** Rejects when somebody cannot get in, or not in time. */
  async grow(size: number): Promise<void> {
    while (this.size < size) {
      await this.#add();
    }
  }

  /** One more participant, who sends voice and camera. */
  async #add(): Promise<void> {
    const { injector, camera: kind } = this.#options;
    const index = this.#members.length;
    const client = await this.sfu.connect(`user-${index}`);
    const offer = await client.offer();
    const { call, participantId, media } = await client.enter('joinRoom', {
      roomId,
      media: { ...offer, rtpCapabilities: withoutBandwidthEstimation(offer.rtpCapabilities) },
    });
    const [microphone, camera] = [injectedMicrophone(index), injectedCamera(index, kind)];
    const produce = async (
      source: 'microphone' | 'camera',
      { rtpParameters }: InjectedSource,
    ): Promise<string> => {
      const { producerId } = await client.request('produce', {
        callId: call.id,
        transportId: media.sendTransport.id,
        source,
        rtpParameters,
        paused: false,
      });

      return producerId;
    };
    client.socket.on('notification', (notification: Notification) =>
      this.#follow(client, camera, notification),
    );
    await produce('microphone', microphone);
    const cameraId = await produce('camera', camera);
    const sender = this.#senders.get(participantId);
    if (sender === undefined) {
      throw new Error('The participant has no transports.');
    }
    injector.add({ ...sender, streams: [...microphone.streams, ...camera.streams] });
    await this.#resume(client, call.id, media.consumers);
    this.#members.push({ client, callId: call.id, camera, cameraId, shown: new Map() });
  }

  /** Everyone shows the cameras of the `count` who come after them, in small tiles. */
  async showPages(count: number): Promise<void> {
    await Promise.all(this.#members.map((member, index) => this.#showPage(member, index, count)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sfu[Symbol.asyncDispose]();
  }

  async #showPage({ client, callId, shown }: Member, index: number, count: number): Promise<void> {
    const others = Math.min(count, this.#members.length - 1);
    const wanted = Array.from(
      { length: others },
      (_, step) => this.#members[(index + step + 1) % this.#members.length]?.cameraId ?? '',
    );
    const gone = [...shown].filter(([producerId]) => !wanted.includes(producerId));
    gone.forEach(([producerId]) => shown.delete(producerId));
    for (const some of inChunks(gone.map(([, { id }]) => id))) {
      await client.request('closeConsumers', { callId, consumerIds: some });
    }
    for (const producerIds of inChunks(wanted.filter((producerId) => !shown.has(producerId)))) {
      const { consumers } = await client.request('consume', { callId, producerIds });
      consumers.forEach((consumer) => shown.set(consumer.producerId, consumer));
      if (consumers.length < producerIds.length) {
        throw new Error(`Only ${consumers.length} of ${producerIds.length} cameras can be shown.`);
      }
      const viewports = consumers.map(({ id }) => ({ consumerId: id, ...tile }));
      await client.request('setViewports', { callId, viewports });
      await this.#resume(client, callId, consumers);
    }
  }

  /** Does what the SDK does: plays what is added, and sends only what somebody wants. */
  #follow(client: TestClient, camera: InjectedSource, notification: Notification): void {
    if (notification.name === 'consumersAdded') {
      const { callId, consumers } = notification.data;
      // A call that ends under the bench has its own error.
      this.#resume(client, callId, consumers).catch(() => {});
    } else if (notification.name === 'encodingsWanted') {
      camera.streams.forEach(({ ssrc }, layer) =>
        this.#options.injector.setSending(ssrc, notification.data.wanted[layer] ?? true),
      );
    }
  }

  async #resume(client: TestClient, callId: string, consumers: readonly ConsumerInfo[]): Promise<void> {
    for (const consumerIds of inChunks(consumers.map(({ id }) => id))) {
      await client.request('resumeConsumers', { callId, consumerIds });
    }
  }
}

function inChunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / maxIds) }, (_, index) =>
    ids.slice(index * maxIds, (index + 1) * maxIds),
  );
}
