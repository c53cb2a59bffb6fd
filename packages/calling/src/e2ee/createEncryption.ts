import { systemClock } from '@parley/kit';
import { CallError } from '../errors.ts';
import { EncryptionImpl } from './EncryptionImpl.ts';
import type { Encryption, EncryptionOptions } from './encryptionTypes.ts';
import { frameAccessHere } from './frameAccess.ts';

/** A key that was to be changed has to be. */
const maxSwitchDelayMs = 10_000;

/** Of the worker, where a developer looks at what runs. */
const name = 'parley-e2ee';

/**
 * Makes what encrypts a call, to be passed as `CallOptions.encryption`.
 *
 * @throws TypeError for options that are none.
 * @throws CallError `not_supported` in a browser without encoded transforms, and in a page that is no secure context.
 */
export function createEncryption(options: EncryptionOptions = {}): Encryption {
  const { workerUrl, cipher = 'AES-256-GCM', keySwitchDelayMs = 1_000 } = options;
  if (cipher !== 'AES-128-GCM' && cipher !== 'AES-256-GCM') {
    throw new TypeError('cipher is AES-128-GCM or AES-256-GCM.');
  }
  if (
    typeof keySwitchDelayMs !== 'number' ||
    !(keySwitchDelayMs >= 0 && keySwitchDelayMs <= maxSwitchDelayMs)
  ) {
    throw new TypeError(`keySwitchDelayMs is a number from 0 to ${maxSwitchDelayMs}.`);
  }
  if (workerUrl !== undefined && typeof workerUrl !== 'string' && !(workerUrl instanceof URL)) {
    throw new TypeError('workerUrl is a URL.');
  }
  const access = frameAccessHere();
  // Without a secure context there is no `crypto.subtle` (W3C Web Cryptography).
  if (access === undefined || (crypto.subtle as SubtleCrypto | undefined) === undefined) {
    throw new CallError('not_supported', 'This browser cannot encrypt media.');
  }

  return new EncryptionImpl({
    access,
    openWorker: () =>
      workerUrl === undefined
        ? // Written so that bundlers take the script along, as a file of its own.
          new Worker(new URL('./encryption.worker.ts', import.meta.url), { type: 'module', name })
        : new Worker(workerUrl, { type: 'module', name }),
    cipher,
    keySwitchDelayMs,
    clock: systemClock,
  });
}
