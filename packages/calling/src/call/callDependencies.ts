import type { Clock } from '@parley/kit';
import type { Entered, MediaOffer, RequestAnswer, RequestData, RequestName } from '@parley/protocol';
import type { Automatic } from '../automatic.ts';
import type { LocalCapture } from '../devices/LocalCapture.ts';
import type { Logger } from '../logger.ts';
import type { MediaPort } from '../media/MediaPort.ts';
import type { Playback } from '../rendering/Playback.ts';
import type { EnterOptions, Request } from '../signaling/request.ts';
import type { CallConnection } from './CallConnection.ts';
import type { CallOptions } from './callOptionTypes.ts';

/** What one call was asked for with, and what it does by itself. */
export type CheckedCallOptions = Omit<CallOptions, 'automatic'> & { readonly automatic: Automatic };

/** What every call of one client shares. */
export interface CallDependencies {
  readonly connect: () => CallConnection;
  /** Asks that server, for what can be done without a place in a call. */
  readonly requestAt: <Name extends RequestName>(
    endpoint: string,
    name: Name,
    data: RequestData<Name>,
  ) => Promise<RequestAnswer<Name>>;
  readonly capture: LocalCapture;
  readonly openMedia: MediaPort['open'];
  /** Resolves when the browser's media stack is ready to enter a call. */
  readonly mediaOffer: () => Promise<MediaOffer>;
  readonly playAudio: (stream: MediaStream) => Playback;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Asks the server to be let into the call: by starting it, joining its room or accepting it. */
export type EnterCall = (request: Request, media: MediaOffer, options: EnterOptions) => Promise<Entered>;
