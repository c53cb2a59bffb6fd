import { FrameDecryptor } from './FrameDecryptor.ts';
import { FrameEncryptor } from './FrameEncryptor.ts';
import { codecOf, type FrameContext } from './frameFormat.ts';
import { KeyRing } from './KeyRing.ts';
import { ReceptionReport } from './ReceptionReport.ts';
import type { EncodedFrame, TransformOptions, WorkerEvent, WorkerRequest } from './workerMessages.ts';

/** What to pass on in place of a frame; undefined drops it. */
type Transform = (frame: EncodedFrame) => Promise<ArrayBuffer | undefined>;

/** What the worker does, without what makes it one. Frames that cannot be encrypted or decrypted are dropped. */
export class EncryptionWorker {
  readonly #tell: (event: WorkerEvent) => void;
  readonly #keys = new KeyRing();
  readonly #encryptor = new FrameEncryptor();
  readonly #reports = new Map<number, ReceptionReport>();

  constructor(tell: (event: WorkerEvent) => void) {
    this.#tell = tell;
  }

  receive(request: WorkerRequest): void {
    switch (request.name) {
      case 'setKey': {
        this.#keys.set(request.owner, request.keyIndex, request.key);
        this.#reports.forEach((report) => report.restart());
        break;
      }
      case 'dropKey': {
        this.#keys.drop(request.owner, request.keyIndex);
        break;
      }
      case 'forgetKeys': {
        this.#keys.forget(request.owner);
        break;
      }
      case 'send': {
        this.#encryptor.use(request.key, request.keyIndex, request.cipher);
        break;
      }
      case 'retry': {
        this.#reports.get(request.id)?.restart();
        break;
      }
      case 'close': {
        this.#reports.delete(request.id);
        break;
      }
      case 'transform': {
        const { options, readable, writable } = request;
        void this.transform(options, readable, writable);
        break;
      }
    }
  }

  /** Resolves when the stream has ended, however. */
  async transform(
    options: TransformOptions,
    readable: ReadableStream<EncodedFrame>,
    writable: WritableStream<EncodedFrame>,
  ): Promise<void> {
    const apply = options.operation === 'encrypt' ? this.#encrypting(options) : this.#decrypting(options);
    const transformer = new TransformStream<EncodedFrame, EncodedFrame>({
      transform: async (frame, controller) => {
        // Nothing is in it that could be hidden.
        if (frame.data.byteLength === 0) {
          controller.enqueue(frame);

          return;
        }
        // A frame that fails is dropped; one that rejected would end the stream.
        const data = await apply(frame).catch(() => undefined);
        if (data !== undefined) {
          frame.data = data;
          controller.enqueue(frame);
        }
      },
    });
    // Its sender or receiver may be closed at any time.
    await readable
      .pipeThrough(transformer)
      .pipeTo(writable)
      .catch(() => {});
  }

  #encrypting({ codec, source }: TransformOptions): Transform {
    return async (frame) => {
      // What was agreed on may have become another codec since.
      const { mimeType } = frame.getMetadata();
      if (codec === undefined || (mimeType !== undefined && codecOf(mimeType) !== codec)) {
        return undefined;
      }

      return (await this.#encryptor.encrypt(new Uint8Array(frame.data), { codec, source }))?.buffer;
    };
  }

  #decrypting({ id, codec, source, sender }: TransformOptions): Transform {
    const report = new ReceptionReport((state, contributingSource) => {
      if (this.#reports.has(id)) {
        this.#tell({ name: 'received', id, state, contributingSource });
      }
    });
    this.#reports.set(id, report);
    const decryptor = codec === undefined ? undefined : this.#decryptor({ codec, source }, sender);

    return async (frame) => {
      const contributingSource =
        sender === undefined ? frame.getMetadata().contributingSources?.[0] : undefined;
      const result = (await decryptor?.decrypt(new Uint8Array(frame.data), contributingSource)) ?? {
        failure: 'not_encrypted',
      };
      if ('frame' in result) {
        report.add('encrypted', contributingSource);

        return result.frame.buffer;
      }
      if (result.failure !== 'replayed') {
        report.add(result.failure, contributingSource);
      }

      return undefined;
    };
  }

  #decryptor(context: FrameContext, sender: string | undefined): FrameDecryptor {
    return new FrameDecryptor({ ...context, keys: this.#keys, sender });
  }
}
