import type { Backplane } from '@parley/backplane';
import type { Clock } from '@parley/kit';
import type {
  CallKind,
  CallSettings,
  ChangedCallSettings,
  CustomItems,
  MediaOffer,
  Role,
  RoomRules,
} from '@parley/protocol';
import type { Logger } from 'pino';
import type { MediaService } from '../media/mediaTypes.ts';
import type { IceServersFor } from '../turn/iceServers.ts';
import type { Admissible, CallEndpoint } from './CallEndpoint.ts';
import type { CallLimits } from './callLimits.ts';
import type { EndpointDirectory } from './EndpointDirectory.ts';
import type { Participant } from './participants/Participant.ts';
import type { CallJournal } from './recovery/CallJournal.ts';
import type { EndedPlaces } from './recovery/EndedPlaces.ts';
import type { KeptCall } from './recovery/keptCall.ts';
import type { Surveys } from './features/Surveys.ts';

/** What every call of this node shares. */
export interface CallDependencies {
  readonly nodeId: string;
  /** Where clients reach this node; that of the whole platform unless there are several. */
  readonly nodeUrl: string;
  readonly backplane: Backplane;
  readonly media: MediaService;
  readonly directory: EndpointDirectory;
  readonly surveys: Surveys;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What this node does unless an application or a call wants it otherwise. */
  readonly settings: ChangedCallSettings;
  readonly limits: CallLimits;
  /** Where the client of that user finds a path when there is no straight one; made anew for each answer. */
  readonly iceServersFor: IceServersFor;
  /** Those of all calls of this node. */
  readonly endedPlaces: EndedPlaces;
  /** Where calls outlive the process; without one they end with it. */
  readonly journal?: CallJournal | undefined;
}

export interface CallOptions {
  readonly id: string;
  readonly kind: CallKind;
  readonly applicationId: string;
  readonly settings: CallSettings;
  /** What its maker wants kept with it. */
  readonly customData?: CustomItems;
  /** Set for the call of a room. */
  readonly roomId?: string;
  /** Set for the call of a room: of the claim by which this node is its home. */
  readonly roomEpoch?: number;
  /** Set for the call of a room. */
  readonly door?: RoomDoor;
  /** Set for one that goes on after an earlier process. */
  readonly kept?: KeptCall;
  /** Called once, when the call has ended, or is kept for the next process. */
  readonly onEnded: (how: 'ended' | 'kept') => void;
}

/** What the room of a call says of those who want in, as it is at the moment. */
export interface RoomDoor {
  /** Undefined when the room is gone. */
  readonly rules: RoomRules | undefined;
  readonly hasLobby: boolean;
  readonly maxParticipants: number;
  /** The role in which it knows somebody, waiting or not; undefined when it does not. */
  roleOf(endpoint: Admissible): Role | undefined;
}

/** Somebody who enters a call without having been rung. */
export interface Entrant {
  readonly endpoint: CallEndpoint;
  readonly offer: MediaOffer;
  /** Asked again once their media is there; throws when they are not, or no longer, let in. */
  readonly role: (endpoint: CallEndpoint) => Role;
  /** The most participants there may be with this one; unlimited when not set. */
  readonly capacity?: number;
  /** Whether the user's other devices leave once this one is in. */
  readonly kickSiblings?: boolean | undefined;
  /** The place of one who has waited to be let in. */
  readonly waited?: Participant;
}
