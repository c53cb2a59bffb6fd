import type { RtpCapabilities } from '@parley/protocol';
import { createWorker, type types } from 'mediasoup';
import { locateWorker } from '@parley/setup';
import { codecs } from '../../src/workers/codecs.ts';
import type { Injector } from './Injector.ts';
import { openPlainReceiver, openPlainSender } from './plainTransports.ts';
import { injectedCamera, injectedMicrophone, withoutBandwidthEstimation } from './streams.ts';

export interface BareCallOptions {
  readonly injector: Injector;
  readonly size: number;
  /** Of the first participant's streams; no two calls may share any. */
  readonly firstIndex: number;
}

/** A mediasoup router with nothing around it, through which everyone receives everyone. */
export class BareCall implements Disposable {
  readonly ssrcs: readonly number[];
  readonly #worker: types.Worker;
  readonly #consumers: readonly types.Consumer[];

  private constructor(worker: types.Worker, ssrcs: readonly number[], consumers: readonly types.Consumer[]) {
    this.#worker = worker;
    this.ssrcs = ssrcs;
    this.#consumers = consumers;
  }

  static async start({ injector, size, firstIndex }: BareCallOptions): Promise<BareCall> {
    const worker = await createWorker({ workerBin: await locateWorker() });
    const router = await worker.createRouter({ mediaCodecs: codecs });
    const rtpCapabilities = withoutBandwidthEstimation(
      router.rtpCapabilities as RtpCapabilities,
    ) as types.RtpCapabilities;
    const members = [];
    for (let index = firstIndex; index < firstIndex + size; index += 1) {
      const { transport: send, key } = await openPlainSender(router);
      const receive = await openPlainReceiver(router, injector.ignoredPort);
      const [microphone, camera] = [injectedMicrophone(index), injectedCamera(index, 'single')];
      const producers = [
        await send.produce({ kind: 'audio', rtpParameters: microphone.rtpParameters as types.RtpParameters }),
        await send.produce({ kind: 'video', rtpParameters: camera.rtpParameters as types.RtpParameters }),
      ];
      const streams = [...microphone.streams, ...camera.streams];
      injector.add({ port: send.tuple.localPort, key, streams });
      members.push({ receive, producers, ssrcs: streams.map(({ ssrc }) => ssrc) });
    }
    const consumers: types.Consumer[] = [];
    for (const member of members) {
      for (const { id: producerId } of members
        .filter((other) => other !== member)
        .flatMap(({ producers }) => producers)) {
        consumers.push(await member.receive.consume({ producerId, rtpCapabilities }));
      }
    }

    return new BareCall(
      worker,
      members.flatMap(({ ssrcs }) => ssrcs),
      consumers,
    );
  }

  get pid(): number {
    return this.#worker.pid;
  }

  /** Packets of media that have left for the participants so far. */
  async packetsOut(): Promise<number> {
    const stats = await Promise.all(this.#consumers.map((consumer) => consumer.getStats()));

    return stats
      .flat()
      .filter(({ type }) => type === 'outbound-rtp')
      .reduce((sum, { packetCount }) => sum + packetCount, 0);
  }

  [Symbol.dispose](): void {
    this.#worker.close();
  }
}
