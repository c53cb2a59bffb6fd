import type { Clock } from '@parley/kit';
import type { Entered, IceServer, MediaOffer } from '@parley/protocol';
import type { LocalCapture } from '../devices/LocalCapture.ts';
import type { Logger } from '../logger.ts';
import type { MediaPort } from '../media/MediaPort.ts';
import type { Request, RequestOptions } from '../signaling/Connection.ts';
import type { CallRouter } from './CallRouter.ts';

/** What every call of one client shares. */
export interface CallDependencies {
  readonly request: Request;
  readonly router: CallRouter;
  readonly capture: LocalCapture;
  readonly openMedia: MediaPort['open'];
  /** Resolves when the browser's media stack is ready to enter a call. */
  readonly mediaOffer: () => Promise<MediaOffer>;
  readonly iceServers: () => readonly IceServer[];
  readonly playAudio: (stream: MediaStream) => () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Asks the server to be let into the call: by starting it, joining its room or accepting it. */
export type EnterCall = (
  media: MediaOffer,
  options: Pick<RequestOptions<'joinRoom'>, 'onLateAnswer'>,
) => Promise<Entered>;
