import { createDeferred, type Clock, type Deferred } from '@parley/kit';
import { CallError } from '../errors.ts';
import type { FrameAccess } from './frameAccess.ts';
import type { TransformOptions, WorkerEvent, WorkerRequest } from './workerMessages.ts';

/** A script that is not there, or not allowed to be, may be told late or never. */
const openingMs = 15_000;

/** A worker that stops that often stops again. */
const maxRestarts = 3;

interface FrameTransformsOptions {
  access: FrameAccess;
  openWorker: () => Worker;
  clock: Clock;
  onEvent: (event: WorkerEvent) => void;
  /** A new worker knows nothing yet. */
  onOpened: () => void;
  /** There is no worker any more, and no frame passes. */
  onFailed: () => void;
}

interface Attachment {
  readonly target: RTCRtpSender | RTCRtpReceiver;
  readonly options: TransformOptions;
}

/** The worker of one call, and whose frames it is given. When it stops, another one takes over where the browser can. */
export class FrameTransforms {
  readonly #options: FrameTransformsOptions;
  readonly #attachments = new Map<number, Attachment>();
  readonly #opened: Deferred<void> = createDeferred();
  #worker: Worker | undefined;
  #restarts = 0;

  constructor(options: FrameTransformsOptions) {
    this.#options = options;
    // Nobody may have come to wait for it when it is closed.
    this.#opened.promise.catch(() => {});
  }

  /** @throws CallError `not_supported` when the worker cannot be had. */
  async open(): Promise<void> {
    this.#open();
    const timer = this.#options.clock.schedule(openingMs, () => this.#fail());
    try {
      await this.#opened.promise;
    } finally {
      timer.cancel();
    }
  }

  post(request: WorkerRequest): void {
    this.#worker?.postMessage(request);
  }

  /** @throws CallError `not_supported` when there is no worker: its frames must not pass. */
  attach(target: RTCRtpSender | RTCRtpReceiver, options: TransformOptions): void {
    if (this.#worker === undefined) {
      throw new CallError('not_supported', 'There is no worker to encrypt with.');
    }
    this.#options.access.attach(this.#worker, target, options);
    this.#attachments.set(options.id, { target, options });
  }

  detach(id: number): void {
    this.#attachments.delete(id);
    this.post({ name: 'close', id });
  }

  /** Idempotent. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#attachments.clear();
    this.#opened.reject(new CallError('invalid_state', 'The call has ended.'));
  }

  #open(): void {
    const worker = this.#openWorker();
    this.#worker = worker;
    if (worker === undefined) {
      this.#fail();

      return;
    }
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerEvent>) => {
      if (worker !== this.#worker) {
        return;
      }
      if (data.name === 'ready') {
        this.#opened.resolve();
      } else {
        this.#options.onEvent(data);
      }
    });
    worker.addEventListener('error', () => {
      if (worker === this.#worker) {
        this.#replace();
      }
    });
    this.#options.onOpened();
  }

  /** Undefined for a script of another origin, which is refused at once (HTML, section 10.2.6.3). */
  #openWorker(): Worker | undefined {
    try {
      return this.#options.openWorker();
    } catch {
      return undefined;
    }
  }

  #replace(): void {
    this.#worker?.terminate();
    this.#restarts += 1;
    if (!this.#options.access.isRepeatable || this.#restarts > maxRestarts) {
      this.#fail();

      return;
    }
    this.#open();
    for (const [id, { target, options }] of this.#attachments) {
      try {
        this.attach(target, options);
      } catch {
        // Its peer connection is closed.
        this.#attachments.delete(id);
      }
    }
  }

  #fail(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#opened.reject(
      new CallError(
        'not_supported',
        'The script of the worker that encrypts could not be loaded: it must be of the origin of the page; see workerUrl.',
      ),
    );
    this.#options.onFailed();
  }
}
