import { ProtocolError } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { SitePipe, type Release } from './SitePipe.ts';
import type { Stream } from './Stream.ts';

/** The part of a call on one worker: a router, its transports, and the pipes that bring streams from the other parts. */
export class CallSite {
  readonly worker: MediaWorker;
  readonly router: types.Router;
  readonly #transports = new Set<types.Transport>();
  /** By the router they come from, and gone with it. */
  readonly #pipes = new WeakMap<types.Router, SitePipe>();
  #direct: Promise<types.DirectTransport> | undefined;

  private constructor(worker: MediaWorker, router: types.Router) {
    this.worker = worker;
    this.router = router;
    router.observer.on('newtransport', (transport) => {
      this.#transports.add(transport);
      transport.observer.once('close', () => this.#transports.delete(transport));
      if (router.closed) {
        // It was on its way when the router was closed, and is of the worker's making only.
        transport.close();
      }
    });
  }

  static async create(worker: MediaWorker): Promise<CallSite> {
    return new CallSite(worker, await worker.createRouter());
  }

  get isClosed(): boolean {
    return this.router.closed;
  }

  /** Throws `unavailable` when the site is gone by now. */
  requireOpen(): void {
    if (this.isClosed) {
      throw new ProtocolError('unavailable', 'The media worker is gone.');
    }
  }

  /** The transport over which this process hears and speaks; the same for all who ask. */
  directTransport(): Promise<types.DirectTransport> {
    return (this.#direct ??= this.router.createDirectTransport());
  }

  /**
   * Makes the stream one that can be consumed here, until it is released. Answers undefined when nobody sends it now,
   * or it does not get here: AV1 comes out of a pipe as something no decoder takes.
   */
  async hold(stream: Stream): Promise<Release | undefined> {
    const origin = stream.originFor(this.router);
    if (origin === undefined || origin.router === this.router) {
      return origin === undefined ? undefined : () => {};
    }
    if (isAv1(origin.producer)) {
      return undefined;
    }
    const pipe = this.#pipes.get(origin.router) ?? this.#layPipe(origin.router);

    return pipe.hold(origin.producer);
  }

  /** Idempotent. */
  close(): void {
    // The router would close them as well, but the WebRtcServer would keep them in its books for good.
    for (const transport of this.#transports) {
      transport.close();
    }
    this.router.close();
  }

  #layPipe(from: types.Router): SitePipe {
    const pipe = new SitePipe(from, this.router);
    this.#pipes.set(from, pipe);

    return pipe;
  }
}

/** Whether the stream must stay on the worker it is sent to. */
export function isAv1({ rtpParameters }: types.Producer): boolean {
  return rtpParameters.codecs.some(({ mimeType }) => mimeType.toLowerCase() === 'video/av1');
}
