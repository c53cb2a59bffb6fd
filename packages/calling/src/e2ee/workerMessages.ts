import type { MediaSource } from '@parley/protocol';
import type { DecryptionFailure } from './FrameDecryptor.ts';
import type { Cipher, Codec } from './frameFormat.ts';
import type { KeyOwner } from './keyOwner.ts';

/** The frames of one sender or receiver. */
export interface TransformOptions {
  readonly id: number;
  readonly operation: 'encrypt' | 'decrypt';
  /** Undefined for a codec that is not encrypted: none of its frames passes. */
  readonly codec: Codec | undefined;
  readonly source: MediaSource;
  /** Whose frames they are, where they are received and not in a slot. */
  readonly sender?: string | undefined;
}

export type WorkerRequest =
  | {
      readonly name: 'setKey';
      readonly owner: KeyOwner;
      readonly keyIndex: number;
      readonly key: CryptoKey;
    }
  | { readonly name: 'dropKey'; readonly owner: KeyOwner; readonly keyIndex: number }
  | { readonly name: 'forgetKeys'; readonly owner: KeyOwner }
  | {
      readonly name: 'send';
      readonly keyIndex: number;
      readonly key: CryptoKey;
      readonly cipher: Cipher;
    }
  /** Tells anew how the frames of a receiver fare. */
  | { readonly name: 'retry'; readonly id: number }
  | { readonly name: 'close'; readonly id: number }
  /** Of a browser whose streams of frames are made in the page. */
  | {
      readonly name: 'transform';
      readonly options: TransformOptions;
      readonly readable: ReadableStream<EncodedFrame>;
      readonly writable: WritableStream<EncodedFrame>;
    };

export type ReceptionState = 'encrypted' | Exclude<DecryptionFailure, 'replayed'>;

export type WorkerEvent =
  | { readonly name: 'ready' }
  /** How the frames of a receiver fare now; in a slot, those of one contributing source. */
  | {
      readonly name: 'received';
      readonly id: number;
      readonly state: ReceptionState;
      readonly contributingSource: number | undefined;
    };

/** What there is of RTCEncodedAudioFrame and RTCEncodedVideoFrame (W3C WebRTC Encoded Transform) that is needed here. */
export interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { readonly mimeType?: string; readonly contributingSources?: readonly number[] };
}
