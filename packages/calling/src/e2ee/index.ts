/**
 * End-to-end encryption of sound and pictures: `createEncryption()` makes what `call()`, `join()` and `accept()` take as
 * `encryption`.
 *
 * @module
 */
export { createEncryption } from './createEncryption.ts';
export { generateKey, ratchetKey } from './keySchedule.ts';
export type {
  Encryption,
  EncryptionEvents,
  EncryptionOptions,
  EncryptionState,
  ParticipantEncryption,
  ParticipantEncryptionState,
  SetKeyOptions,
} from './encryptionTypes.ts';
export type { Cipher } from './frameFormat.ts';
