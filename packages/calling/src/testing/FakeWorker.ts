import type { FrameAccess } from '../e2ee/frameAccess.ts';
import { EncryptionImpl } from '../e2ee/EncryptionImpl.ts';
import type { TransformOptions, WorkerEvent, WorkerRequest } from '../e2ee/workerMessages.ts';
import { FakeClock } from './FakeServer.ts';

/** The worker that encrypts, of which the test says what it tells. */
export class FakeWorker extends EventTarget {
  readonly posted: WorkerRequest[] = [];
  isTerminated = false;

  postMessage(request: WorkerRequest): void {
    this.posted.push(request);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  tell(event: WorkerEvent): void {
    this.dispatchEvent(new MessageEvent('message', { data: event }));
  }

  /** An error that nobody has caught, or a script that cannot be loaded. */
  crash(): void {
    this.dispatchEvent(new Event('error'));
  }

  /** By name, in their order. */
  asked<Name extends WorkerRequest['name']>(name: Name): Extract<WorkerRequest, { name: Name }>[] {
    return this.posted.filter((request) => request.name === name) as never;
  }
}

/** Encryption on fakes of the browser's workers and transforms. */
export function createTestEncryption({
  opens = (worker: FakeWorker) => worker.tell({ name: 'ready' }),
  isRepeatable = true,
} = {}) {
  const clock = new FakeClock();
  const workers: FakeWorker[] = [];
  const attached: { worker: Worker; target: object; options: TransformOptions }[] = [];
  const access: FrameAccess = {
    configuration: {},
    isRepeatable,
    attach: (worker, target, options) => void attached.push({ worker, target, options }),
  };
  const encryption = new EncryptionImpl({
    access,
    openWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      queueMicrotask(() => opens(worker));

      return worker as unknown as Worker;
    },
    cipher: 'AES-256-GCM',
    keySwitchDelayMs: 1_000,
    clock,
  });
  const worker = (): FakeWorker => {
    const last = workers.at(-1);
    if (last === undefined) {
      throw new Error('There is no worker.');
    }

    return last;
  };

  return { encryption, clock, workers, worker, attached };
}
