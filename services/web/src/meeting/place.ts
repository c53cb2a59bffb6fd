import type { Call, CallClient, EndReasonName } from '@parley/calling';
import type { OwnMedia } from '../call/OwnMedia.ts';
import type { Session } from '../session/Session.ts';
import type { CallTarget, Outcome } from './outcome.ts';

/**
 * Where the person is:
 *
 * ```
 *   door ───────entered──────► home ◄──callEnded── call
 *   ▲  ▲ ▲                     │  │                 │ ▲
 *   │  │ └─────sessionEnded────┘  └───callStarted───┼─┘
 *   │  └───────sessionEnded─────────────────────────┘
 *   └──refused── returning ────entered──► home
 * ```
 *
 * At the door one signs in or says one's name as a guest. `returning` is a reload of the tab with a session
 * that is still good. `call` begins when it is asked for, long before anybody answers.
 */
export type Place =
  | { readonly at: 'door'; readonly door: Door; readonly attempt: Attempt }
  | { readonly at: 'returning'; readonly door: Door }
  | {
      readonly at: 'home';
      readonly door: Door;
      readonly client: CallClient;
      readonly session: Session;
      /** How the last call ended, until it is dismissed. */
      readonly outcome: Outcome | undefined;
    }
  | {
      readonly at: 'call';
      readonly door: Door;
      readonly client: CallClient;
      readonly session: Session;
      readonly call: Call;
      readonly target: CallTarget;
      readonly media: OwnMedia;
      readonly isLeaving: boolean;
    };

/** How people come in here: with an account, or by a guest link's code. */
export type Door = { readonly kind: 'signIn' } | { readonly kind: 'guest'; readonly code: string };

/** `who` tells the demo's buttons apart. */
export type Attempt =
  | { readonly is: 'open' }
  | { readonly is: 'busy'; readonly who: string }
  | { readonly is: 'refused'; readonly code: string };

export type PlaceEvent =
  | { readonly type: 'attempted'; readonly who: string }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'entered'; readonly client: CallClient; readonly session: Session }
  | {
      readonly type: 'callStarted';
      readonly call: Call;
      readonly target: CallTarget;
      readonly media: OwnMedia;
    }
  | { readonly type: 'callRefused'; readonly outcome: Outcome }
  | { readonly type: 'leaving' }
  | { readonly type: 'stayed' }
  | { readonly type: 'callEnded'; readonly call: Call; readonly reason: EndReasonName }
  | { readonly type: 'outcomeDismissed' }
  | { readonly type: 'sessionEnded'; readonly code?: string };

/** What may happen where. Anything else is an answer that came too late, and changes nothing. */
const allowed: Readonly<Record<Place['at'], readonly PlaceEvent['type'][]>> = {
  door: ['attempted', 'refused', 'entered'],
  returning: ['refused', 'entered'],
  home: ['callStarted', 'callRefused', 'outcomeDismissed', 'sessionEnded'],
  call: ['callStarted', 'leaving', 'stayed', 'callEnded', 'sessionEnded'],
};

export function nextPlace(place: Place, event: PlaceEvent): Place {
  if (!allowed[place.at].includes(event.type)) {
    return place;
  }
  const { door } = place;
  switch (event.type) {
    case 'attempted':
      return { at: 'door', door, attempt: { is: 'busy', who: event.who } };
    case 'refused':
      return { at: 'door', door, attempt: { is: 'refused', code: event.code } };
    case 'entered':
      return { at: 'home', door, client: event.client, session: event.session, outcome: undefined };
    case 'sessionEnded':
      return {
        at: 'door',
        door,
        attempt: event.code === undefined ? { is: 'open' } : { is: 'refused', code: event.code },
      };
    default:
      return place.at === 'home' || place.at === 'call' ? inside(place, event) : place;
  }
}

type InsidePlace = Extract<Place, { at: 'home' | 'call' }>;
type InsideEvent = Exclude<
  PlaceEvent,
  { type: 'attempted' } | { type: 'refused' } | { type: 'entered' } | { type: 'sessionEnded' }
>;

function inside(place: InsidePlace, event: InsideEvent): Place {
  const { door, client, session } = place;
  const home = (outcome: Outcome | undefined): Place => ({ at: 'home', door, client, session, outcome });

  switch (event.type) {
    case 'callStarted': {
      const { call, target, media } = event;

      return { at: 'call', door, client, session, call, target, media, isLeaving: false };
    }
    case 'callRefused':
      return home(event.outcome);
    case 'outcomeDismissed':
      return home(undefined);
    case 'leaving':
      return place.at === 'call' ? { ...place, isLeaving: true } : place;
    case 'stayed':
      return place.at === 'call' ? { ...place, isLeaving: false } : place;
    case 'callEnded':
      // A call that another one has replaced ends without anybody looking.
      return place.at === 'call' && place.call === event.call
        ? home({ reason: event.reason, target: place.target, endedHere: place.isLeaving })
        : place;
    default:
      return event satisfies never;
  }
}
