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
