import { EncryptionWorker } from './EncryptionWorker.ts';
import type { EncodedFrame, TransformOptions, WorkerEvent, WorkerRequest } from './workerMessages.ts';

/** What there is of DedicatedWorkerGlobalScope here; the DOM's types know the page's. */
interface WorkerScope {
  addEventListener(name: 'message', listener: (event: MessageEvent<WorkerRequest>) => void): void;
  /** W3C WebRTC Encoded Transform. */
  onrtctransform: ((event: TransformEvent) => void) | null;
  postMessage(message: WorkerEvent, options: StructuredSerializeOptions): void;
}

interface TransformEvent {
  readonly transformer: {
    readonly options: TransformOptions;
    readonly readable: ReadableStream<EncodedFrame>;
    readonly writable: WritableStream<EncodedFrame>;
  };
}

const scope = globalThis as unknown as WorkerScope;
const worker = new EncryptionWorker((event) => scope.postMessage(event, {}));

scope.addEventListener('message', ({ data }) => worker.receive(data));
scope.onrtctransform = ({ transformer: { options, readable, writable } }) => {
  void worker.transform(options, readable, writable);
};
scope.postMessage({ name: 'ready' }, {});
