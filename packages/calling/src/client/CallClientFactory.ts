import { CallError } from '../errors.ts';
import type { CallClient, CallClientOptions } from './clientTypes.ts';
import type { CommunicationUserCredential } from './CommunicationUserCredential.ts';

/** Makes call clients. */
export const CallClientFactory = {
  /**
   * Connects to the server and resolves with a client that can call and be called.
   *
   * @param credential A session token, or a credential that can fetch fresh ones.
   * @example
   * const client = await CallClientFactory.create(token);
   * @throws TypeError for anything but a token or a credential.
   * @throws CallError `invalid_request` when the token is malformed and no endpoint was given, `token_expired`,
   * `token_revoked` or `unauthenticated` when the server does not accept it, `protocol_mismatch` when this SDK is
   * too old or too new for the server, `unavailable` when the server cannot be reached, `timeout` when it does
   * not answer.
   */
  async create(
    _credential: string | CommunicationUserCredential,
    _options: CallClientOptions = {},
  ): Promise<CallClient> {
    throw new CallError('not_supported');
  },
};
