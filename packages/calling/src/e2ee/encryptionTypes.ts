import type { CallEncryption } from '../call/callOptionTypes.ts';
import type { CollectionUpdate, Observable } from '../events.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import type { Cipher } from './frameFormat.ts';

/** How a call is encrypted; each option may be left out. */
export interface EncryptionOptions {
  /**
   * Where the worker's script is, on the origin of the page or one that its Content Security Policy allows as
   * `worker-src`. By default the script that lies beside the module.
   */
  readonly workerUrl?: string | URL;
  /** What this page sends with; everything that can be received is received. `AES-256-GCM` by default. */
  readonly cipher?: Cipher;
  /**
   * How long, in milliseconds from 0 to 10,000, this page goes on to send with the key before when there is a new one, so
   * that the others have it by then; 1,000 by default. Frames with the new key are decrypted at once.
   */
  readonly keySwitchDelayMs?: number;
}

/** Which key it is, and whose; each option may be left out. */
export interface SetKeyOptions {
  /** Which key it is, from 0 to 255: the one after the present one when keys are changed. 0 by default. */
  readonly keyIndex?: number;
  /**
   * Whose key it is, by `endpointId`, or `'own'` for what this page sends with. Without it, everybody's who has no key of
   * their own.
   */
  readonly participantId?: string;
}

/**
 * `WaitingForKey`: nothing is sent before there is a key. `Failed`: the worker has stopped more than once, and nothing is
 * sent or received any more.
 */
export type EncryptionState = 'WaitingForKey' | 'Encrypting' | 'Failed';

/**
 * `Unknown`: nothing was received yet. `MissingKey`: there is no key with the index that is sent with.
 * `DecryptionFailed`: it is another key, or what came was changed on the way. `NotEncrypted`: this participant sends
 * without encryption; it is not shown nor played.
 */
export type ParticipantEncryptionState =
  'Unknown' | 'Encrypted' | 'MissingKey' | 'DecryptionFailed' | 'NotEncrypted';

/** How what comes from somebody fares. */
export interface ParticipantEncryption {
  /** `endpointId` of the participant. */
  readonly participantId: string;
  /** Whether it can be decrypted. */
  readonly state: ParticipantEncryptionState;
}

export type EncryptionEvents = {
  stateChanged: [];
  /** What comes from somebody can be decrypted, or cannot any more. */
  encryptionStateChanged: [ParticipantEncryption];
  /**
   * Somebody has entered the call after this page, or has left it, so that the key should change: by `ratchetKey()` for
   * those who came, to one that the others never had for those who left.
   */
  participantsUpdated: [CollectionUpdate<RemoteParticipant>];
};

/**
 * Encrypts sound and pictures of a call in this page and decrypts them in the others', with keys of the application. One
 * for each call at a time. Nothing is ever sent in the clear with it: without a key, nothing is sent.
 *
 * @example
 * const encryption = createEncryption();
 * await encryption.setKey(key);
 * const call = client.join({ roomId }, { encryption });
 */
export interface Encryption extends Observable<EncryptionEvents>, CallEncryption {
  /** How the encryption of the call fares. */
  readonly state: EncryptionState;
  /** How what comes from somebody fares, by `endpointId`. */
  stateOf(participantId: string): ParticipantEncryptionState;
  /**
   * Adds a key. The latest is sent with, after `keySwitchDelayMs` when there was one before; that one is kept for 30 s
   * more, to decrypt what still comes with it.
   *
   * @param key At least 16 bytes that nobody can guess, as `generateKey()` makes them and no passphrase, or a `CryptoKey`
   * of `HKDF` with the usage `deriveBits`.
   * @example
   * encryption.on('participantsUpdated', async () => {
   *   const { key, keyIndex } = await keyFromYourBackend();
   *   await encryption.setKey(key, { keyIndex });
   * });
   * @throws TypeError for what is no such key, and no such index or id.
   */
  setKey(key: CryptoKey | Uint8Array, options?: SetKeyOptions): Promise<void>;
  /**
   * Six groups of five digits made of a key, for people to compare by voice: they are the same where the key is.
   *
   * @param participantId Whose key, by `endpointId`; without it, the one that this page sends with, or is about to.
   * @throws CallError `invalid_state` when there is none.
   */
  fingerprint(participantId?: string): Promise<string>;
}
