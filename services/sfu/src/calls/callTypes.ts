import type { Backplane } from '@parley/backplane';
import type { Clock } from '@parley/kit';
import type { CallKind, MediaOffer, Role, RoomRules } from '@parley/protocol';
import type { Logger } from 'pino';
import type { MediaService } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { EndpointDirectory } from './EndpointDirectory.ts';

/** What every call of this node shares. */
export interface CallDependencies {
  readonly nodeId: string;
  readonly backplane: Backplane;
  readonly media: MediaService;
  readonly directory: EndpointDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ringingTimeoutMs: number;
}

export interface CallOptions {
  readonly id: string;
  readonly kind: CallKind;
  readonly applicationId: string;
  /** Set for the call of a room. */
  readonly roomId?: string;
  /** The rules of the room, as they are at the moment. */
  readonly rules?: () => RoomRules | undefined;
  /** Called once, when the call has ended. */
  readonly onEnded: () => void;
}

/** Somebody who enters a call without having been rung. */
export interface Entrant {
  readonly endpoint: CallEndpoint;
  readonly offer: MediaOffer;
  /** Asked again once their media is there; throws when they are not, or no longer, let in. */
  readonly role: () => Role;
  /** The most participants there may be with this one; unlimited when not set. */
  readonly capacity?: number;
}
