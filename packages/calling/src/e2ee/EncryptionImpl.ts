import { SerialQueue, type Clock } from '@parley/kit';
import { contributingSourceOf, type ConsumerInfo, type MediaSource } from '@parley/protocol';
import type { Call } from '../call/callTypes.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type {
  Encryption,
  EncryptionEvents,
  EncryptionState,
  ParticipantEncryptionState,
  SetKeyOptions,
} from './encryptionTypes.ts';
import { EnteredParticipants } from './EnteredParticipants.ts';
import type { FrameAccess } from './frameAccess.ts';
import { codecOf, type Cipher } from './frameFormat.ts';
import { FrameTransforms } from './FrameTransforms.ts';
import { KeyBook } from './KeyBook.ts';
import { sharedOwner } from './keyOwner.ts';
import { assertKeyBytes, fingerprintOf, importBaseKey } from './keySchedule.ts';
import { originOf } from './originOf.ts';
import { Receptions } from './Receptions.ts';

export interface EncryptionImplOptions {
  access: FrameAccess;
  openWorker: () => Worker;
  cipher: Cipher;
  keySwitchDelayMs: number;
  clock: Clock;
}

export class EncryptionImpl extends EventSource<EncryptionEvents> implements Encryption {
  readonly #options: EncryptionImplOptions;
  readonly #keys: KeyBook;
  readonly #receptions: Receptions;
  /** In the order they were given, however long the browser takes for each: the latest is sent with. */
  readonly #taking = new SerialQueue('keys');
  #call: Call | undefined;
  #transforms: FrameTransforms | undefined;
  #hasFailed = false;
  #state: EncryptionState = 'WaitingForKey';
  #ids = 0;

  constructor(options: EncryptionImplOptions) {
    super();
    const { clock } = options;
    this.#options = options;
    this.#keys = new KeyBook({ ...options, post: (request) => this.#transforms?.post(request) });
    this.#receptions = new Receptions({
      clock,
      retry: (id) => this.#transforms?.post({ name: 'retry', id }),
      participantOf: (source) => this.#endpointIds.find((id) => contributingSourceOf(id) === source),
      onChanged: (participantId, state) => this.emit('encryptionStateChanged', { participantId, state }),
    });
  }

  get state(): EncryptionState {
    return this.#state;
  }

  get configuration(): RTCConfiguration {
    return this.#options.access.configuration;
  }

  stateOf(participantId: string): ParticipantEncryptionState {
    return this.#receptions.stateOf(participantId);
  }

  async setKey(key: CryptoKey | Uint8Array, options: SetKeyOptions = {}): Promise<void> {
    const { keyIndex = 0, participantId = sharedOwner } = options;
    assertKey(key);
    if (!Number.isInteger(keyIndex) || keyIndex < 0 || keyIndex > 255) {
      throw new TypeError('keyIndex is a whole number from 0 to 255.');
    }
    if (typeof participantId !== 'string' || (options.participantId !== undefined && participantId === '')) {
      throw new TypeError("participantId is an endpointId, or 'own'.");
    }
    // At once: the bytes are the caller's.
    const importing = importBaseKey(key);
    await this.#taking.push(async () => {
      this.#keys.set(participantId, keyIndex, await importing);
      this.#receptions.retryAll();
      this.#settle();
    });
  }

  async fingerprint(participantId?: string): Promise<string> {
    const key = this.#keys.latest(participantId);
    if (key === undefined) {
      throw new CallError('invalid_state', 'There is no such key.');
    }

    return fingerprintOf(key);
  }

  async begin(call: Call): Promise<void> {
    if (this.#call !== undefined) {
      throw new CallError('invalid_state', 'One encryption is for one call at a time.');
    }
    this.#call = call;
    this.#hasFailed = false;
    const { access, openWorker, clock } = this.#options;
    this.#transforms = new FrameTransforms({
      access,
      openWorker,
      clock,
      onEvent: (event) => {
        if (event.name === 'received') {
          this.#receptions.apply(event);
        }
      },
      onOpened: () => this.#keys.tellAll(),
      onFailed: () => {
        this.#hasFailed = true;
        this.#settle();
      },
    });
    this.#follow(call);
    this.#settle();
    await this.#transforms.open();
  }

  encrypt(source: MediaSource, mimeType: string): (sender: RTCRtpSender) => () => void {
    const codec = codecOf(mimeType);
    if (codec === undefined) {
      throw new CallError('not_supported', `${mimeType} cannot be sent encrypted.`);
    }

    return (sender) => {
      const id = this.#nextId();
      this.#attach(sender, { id, operation: 'encrypt', codec, source });

      return () => this.#transforms?.detach(id);
    };
  }

  decrypt(
    receiver: RTCRtpReceiver,
    consumer: ConsumerInfo,
    syncGroup: string,
    onReadable: (isReadable: boolean) => void,
  ): () => void {
    const id = this.#nextId();
    const { source, participantId } = originOf(consumer, syncGroup);
    const codec = codecOf(consumer.rtpParameters.codecs[0]?.mimeType ?? '');
    this.#receptions.add(id, participantId, consumer.kind === 'video' ? onReadable : undefined);
    this.#attach(receiver, { id, operation: 'decrypt', codec, source, sender: participantId });

    return () => {
      this.#receptions.remove(id);
      this.#transforms?.detach(id);
    };
  }

  get #endpointIds(): string[] {
    return this.#call?.remoteParticipants.flatMap(({ endpointId }) => endpointId ?? []) ?? [];
  }

  #nextId(): number {
    this.#ids += 1;

    return this.#ids;
  }

  #attach(...[target, options]: Parameters<FrameTransforms['attach']>): void {
    if (this.#transforms === undefined) {
      throw new CallError('invalid_state', 'The call has ended.');
    }
    this.#transforms.attach(target, options);
  }

  #follow(call: Call): void {
    const entered = new EnteredParticipants(call, (update) => {
      for (const { endpointId } of update.removed) {
        if (endpointId !== undefined) {
          this.#keys.forget(endpointId);
          this.#receptions.forget(endpointId);
        }
      }
      this.emit('participantsUpdated', update);
    });
    const unsubscribe = call.on('stateChanged', () => {
      if (call.state === 'Disconnected') {
        unsubscribe();
        entered.close();
        this.#end();
      }
    });
  }

  #end(): void {
    this.#transforms?.close();
    this.#receptions.close();
    this.#transforms = undefined;
    this.#call = undefined;
  }

  #settle(): void {
    const state = this.#hasFailed ? 'Failed' : this.#keys.canSend ? 'Encrypting' : 'WaitingForKey';
    if (state !== this.#state) {
      this.#state = state;
      this.emit('stateChanged');
    }
  }
}

function assertKey(key: unknown): void {
  if (typeof CryptoKey === 'function' && key instanceof CryptoKey) {
    if (key.algorithm.name !== 'HKDF' || !key.usages.includes('deriveBits')) {
      throw new TypeError("A CryptoKey has the algorithm HKDF and the usage 'deriveBits'.");
    }
  } else {
    assertKeyBytes(key);
  }
}
