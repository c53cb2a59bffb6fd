import type { EncodedFrame, TransformOptions } from './workerMessages.ts';

/** How this browser gives the frames of a sender or receiver to a worker. */
export interface FrameAccess {
  /** What peer connections need for it. */
  readonly configuration: RTCConfiguration;
  /** Whether the same sender or receiver can be given to another worker later. */
  readonly isRepeatable: boolean;
  /** No frame passes from then on but through the worker. */
  attach(worker: Worker, target: RTCRtpSender | RTCRtpReceiver, options: TransformOptions): void;
}

/** Of Chromium before it had script transforms; in no standard. */
interface EncodedStreams {
  createEncodedStreams(): {
    readonly readable: ReadableStream<EncodedFrame>;
    readonly writable: WritableStream<EncodedFrame>;
  };
}

/** Undefined in a browser that gives no access to frames. */
export function frameAccessHere(): FrameAccess | undefined {
  const scope: { RTCRtpScriptTransform?: unknown; RTCRtpSender?: { readonly prototype: object } } =
    globalThis;
  if (typeof scope.RTCRtpScriptTransform === 'function') {
    return {
      configuration: {},
      isRepeatable: true,
      attach(worker, target, options) {
        target.transform = new RTCRtpScriptTransform(worker, options);
      },
    };
  }
  if (scope.RTCRtpSender !== undefined && 'createEncodedStreams' in scope.RTCRtpSender.prototype) {
    return {
      configuration: { encodedInsertableStreams: true } as RTCConfiguration,
      isRepeatable: false,
      attach(worker, target, options) {
        const { readable, writable } = (target as unknown as EncodedStreams).createEncodedStreams();
        worker.postMessage({ name: 'transform', options, readable, writable }, [readable, writable]);
      },
    };
  }

  return undefined;
}
