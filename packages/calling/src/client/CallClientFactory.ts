import { systemClock } from '@parley/kit';
import * as z from 'zod/mini';
import { allAutomatic, changedAutomatic } from '../automatic.ts';
import { browserDevices } from '../devices/browserDevices.ts';
import { browserMemory } from '../devices/DeviceMemory.ts';
import { guardLogger } from '../logger.ts';
import { createMediasoupMedia } from '../media/mediasoupMedia.ts';
import { AudioOutput } from '../rendering/AudioOutput.ts';
import { watchBrowserNetwork } from '../signaling/browserNetwork.ts';
import { openSocketIoSocket } from '../signaling/socketIoSocket.ts';
import { CallClientImpl } from './CallClientImpl.ts';
import type { CallClient, CallClientOptions } from './clientTypes.ts';
import { CommunicationUserCredential } from './CommunicationUserCredential.ts';
import { issuerOf } from './tokenPayload.ts';
import { UserConnection } from './UserConnection.ts';
import { watchBrowserPage } from './watchPage.ts';

/** Makes call clients. */
export const CallClientFactory = {
  /**
   * Connects to the server and resolves with a client that can call and be called.
   *
   * @param credential A session token, or a credential that can fetch fresh ones.
   * @example
   * const client = await CallClientFactory.create(token);
   * @throws TypeError for anything but a token or a credential, for an endpoint that is no URL, for an
   * `iceTransportPolicy` that is neither `all` nor `relay`, for an automatic behaviour that there is not, and for a logger
   * or a `logLevel` that is none.
   * @throws CallError `invalid_request` when the token is malformed and no endpoint was given, `token_expired`,
   * `token_revoked` or `unauthenticated` when the server does not accept it, `forbidden` when the page's origin is not
   * among the application's `allowedOrigins`, `protocol_mismatch` when this SDK is
   * too old or too new for the server, `unavailable` when the server cannot be reached, `timeout` when it does
   * not answer.
   */
  async create(
    credential: string | CommunicationUserCredential,
    options: CallClientOptions = {},
  ): Promise<CallClient> {
    const tokens =
      credential instanceof CommunicationUserCredential
        ? credential
        : new CommunicationUserCredential(credential);
    const { iceTransportPolicy = 'all' } = options;
    const logger = guardLogger(options.logger, options.logLevel);
    if (!['all', 'relay'].includes(iceTransportPolicy)) {
      throw new TypeError("The iceTransportPolicy must be 'all' or 'relay'.");
    }
    const automatic = changedAutomatic(allAutomatic, options.automatic);
    // By itself zod tries whether it may compile code at run time, which many a page's
    // Content-Security-Policy refuses and reports.
    z.config({ jitless: true });

    return CallClientImpl.create({
      connection: new UserConnection({
        endpoint: checkedEndpoint(options.endpoint) ?? issuerOf(await tokens.getToken()),
        tokens,
        openSocket: openSocketIoSocket,
        watchNetwork: watchBrowserNetwork,
        automatic,
        clock: systemClock,
        logger,
      }),
      media: createMediasoupMedia({ iceTransportPolicy }),
      devices: browserDevices(),
      deviceMemory: browserMemory,
      audioOutput: new AudioOutput(() => document, automatic.playOnTouch),
      watchPage: watchBrowserPage,
      automatic,
      clock: systemClock,
      logger,
    });
  },
};

function checkedEndpoint(endpoint: string | undefined): string | undefined {
  if (endpoint !== undefined && (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))) {
    throw new TypeError('The endpoint must be the URL of a Parley server.');
  }

  return endpoint;
}
