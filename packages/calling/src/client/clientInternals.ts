import type { Clock } from '@parley/kit';
import type { MediaOffer } from '@parley/protocol';
import type { MediaPort } from '../media/MediaPort.ts';
import type { Request } from '../signaling/request.ts';

/**
 * Under it a client has what the sub-paths of this package need of it and no application does. Registered: each sub-path
 * is a bundle of its own, with a copy of this module.
 */
export const clientInternals = Symbol.for('@parley/calling');

export interface ClientInternals {
  /** Over the present connection or not at all. */
  readonly request: Request;
  readonly media: MediaPort;
  readonly clock: Clock;
  /** Rejects with `not_supported` in a browser without WebRTC. */
  mediaOffer(): Promise<MediaOffer>;
  /** @throws CallError `invalid_state` after `dispose()`. */
  assertUsable(): void;
}
