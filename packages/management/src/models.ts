// Written by `npm run models` from the schemas of packages/protocol: change those.

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface User {
  id: string;
  kind: 'user' | 'anonymous' | 'guest';
  displayName: string;
  email?: string | undefined;
  phoneNumbers: string[];
  metadata?: Record<string, Json> | undefined;
  hasPassword: boolean;
  admin: boolean;
  createdAt: string;
}

export interface CreatedUser {
  id: string;
  kind: 'user' | 'anonymous' | 'guest';
  displayName: string;
  email?: string | undefined;
  phoneNumbers: string[];
  metadata?: Record<string, Json> | undefined;
  hasPassword: boolean;
  admin: boolean;
  createdAt: string;
  token?: IssuedToken | undefined;
  accessToken?: AccessTokenWithValue | undefined;
}

export interface IssuedToken {
  token: string;
  expiresAt: string;
}

export interface AccessToken {
  id: string;
  name?: string | undefined;
  createdAt: string;
  /** Accurate to a minute; missing when it was never used. */
  lastUsedAt?: string | undefined;
}

export interface AccessTokenWithValue {
  id: string;
  name?: string | undefined;
  createdAt: string;
  /** Accurate to a minute; missing when it was never used. */
  lastUsedAt?: string | undefined;
  /** Shown this once: only a hash is stored. */
  accessToken: string;
}

export interface Session {
  token: string;
  expiresAt: string;
  userId: string;
  displayName: string;
}

export interface AnonymousDestinations {
  destinations: string[];
}

export interface GuestSession {
  token: string;
  expiresAt: string;
  roomId: string;
  roomName?: string | undefined;
}

export interface Room {
  id: string;
  name?: string | undefined;
  access: 'open' | 'invite';
  lobby: boolean;
  validFrom: string;
  validUntil: string;
  maxParticipants: number;
  attendeesMayShare: boolean;
  callSettings: CallSettings;
  roster: Record<string, 'presenter' | 'collaborator' | 'attendee' | 'consumer'>;
  createdAt: string;
}

export interface GuestLink {
  id: string;
  role: 'presenter' | 'collaborator' | 'attendee' | 'consumer';
  expiresAt: string;
  maxUses?: number | undefined;
  uses: number;
  createdAt: string;
}

export interface GuestLinkWithUrl {
  id: string;
  role: 'presenter' | 'collaborator' | 'attendee' | 'consumer';
  expiresAt: string;
  maxUses?: number | undefined;
  uses: number;
  createdAt: string;
  /** Shown this once: the code after the `#` is stored as a hash only. */
  url: string;
}

export interface Call {
  id: string;
  kind: 'direct' | 'group' | 'room';
  state: 'live' | 'ended';
  roomId?: string | undefined;
  startedAt: string;
  /** When the first callee answered; of a room, when it began. */
  connectedAt?: string | undefined;
  endedAt?: string | undefined;
  endReason?:
    | 'hangup'
    | 'ended_for_everyone'
    | 'removed'
    | 'alone'
    | 'server_ended'
    | 'unauthenticated'
    | 'forbidden'
    | 'lobby_denied'
    | 'not_on_roster'
    | 'outside_room_window'
    | 'not_found'
    | 'timeout'
    | 'connection_lost'
    | 'media_failed'
    | 'media_unstable'
    | 'media_excessive'
    | 'offline'
    | 'busy'
    | 'canceled'
    | 'answered_elsewhere'
    | 'joined_elsewhere'
    | 'no_answer'
    | 'room_full'
    | 'failed'
    | 'not_supported'
    | 'declined'
    | undefined;
  participants: CallParticipant[];
}

export interface CallParticipant {
  id: string;
  /** Missing once the user was deleted. */
  userId?: string | undefined;
  displayName?: string | undefined;
  kind: 'user' | 'anonymous' | 'guest';
  role: 'presenter' | 'collaborator' | 'attendee' | 'consumer';
  /** When they began to ring, or to enter. */
  joinedAt: string;
  /** Missing for those who never got in. */
  connectedAt?: string | undefined;
  /** Missing for those who are still there. */
  leftAt?: string | undefined;
  endReason?:
    | 'hangup'
    | 'ended_for_everyone'
    | 'removed'
    | 'alone'
    | 'server_ended'
    | 'unauthenticated'
    | 'forbidden'
    | 'lobby_denied'
    | 'not_on_roster'
    | 'outside_room_window'
    | 'not_found'
    | 'timeout'
    | 'connection_lost'
    | 'media_failed'
    | 'media_unstable'
    | 'media_excessive'
    | 'offline'
    | 'busy'
    | 'canceled'
    | 'answered_elsewhere'
    | 'joined_elsewhere'
    | 'no_answer'
    | 'room_full'
    | 'failed'
    | 'not_supported'
    | 'declined'
    | undefined;
  /** Missing unless they have answered one. */
  survey?: CallSurvey | undefined;
}

export interface CallSurvey {
  /** 1 is bad, 5 is good. */
  rating: number;
  issues: Array<
    | 'could_not_hear'
    | 'was_not_heard'
    | 'bad_audio'
    | 'echo'
    | 'no_video'
    | 'bad_video'
    | 'no_screen'
    | 'bad_screen'
    | 'call_dropped'
    | 'other'
  >;
  /** Erased with the user. */
  comment?: string | undefined;
}

export interface CallStats {
  items: Array<{
    /** Beginning of the interval, in UTC. */
    start: string;
    /** Calls that started in it. */
    calls: number;
    /** Of these, the calls in which somebody answered, or entered the room. */
    connectedCalls: number;
    /** Parts in these calls that got as far as connected. */
    participants: number;
    /** Minutes these parts lasted, up to now for those that last. */
    participantMinutes: number;
    /** How many of these calls ended for each reason. */
    endReasons: Record<string, number>;
  }>;
}

export interface Contact {
  id: string;
  displayName: string;
  /** `busy` is in a call. */
  presence: 'offline' | 'online' | 'busy';
}

export interface Application {
  id: string;
  name: string;
  /** `pk_…`: the OAuth client id of public clients. */
  publicKey: string;
  allowedOrigins: string[];
  limits: {
    /** REST requests a minute with one API key, or of one administrator. */
    requestsPerMinute: number;
    /** REST requests a minute with the tokens of one user. */
    userRequestsPerMinute: number;
    /** Requests a minute to the token endpoint from one address. */
    signInsPerMinute: number;
    /** Failed sign-ins of one user from one address within 15 minutes; from then on, one a minute. */
    failedSignIns: number;
    /** Guest sessions, and exchanges of access tokens, a minute from one address. */
    visitorsPerMinute: number;
    /** Devices of one user connected at a time. */
    connectionsPerUser: number;
    /** Calls one device takes part in at a time. */
    callsPerDevice: number;
    /** Participants of one call, those who ring included. */
    participantsPerCall: number;
    /** Signaling requests a second of one connection; four times as many in a burst, and twice as many of one user. */
    signalingRequestsPerSecond: number;
  };
  callSettings: CallSettings;
  contacts: boolean;
  createdAt: string;
}

export interface CallSettings {
  /** How long a callee rings before the answer is `no_answer`. */
  ringingTimeoutSeconds?: number | undefined;
  /** How long one may be alone in a group call before it ends; 0 ends it at once. */
  aloneTimeoutSeconds?: number | undefined;
  /** How long the place of a participant is kept whose connection was lost. */
  reconnectSeconds?: number | undefined;
  /** What becomes of a call to somebody who is in another one. */
  whenBusy?: 'ring' | 'refuse' | undefined;
  /** Whether a direct call is over for both when one of the two has left. */
  directEndsWithEither?: boolean | undefined;
  /** With more participants than that only the loudest are heard. */
  everyoneHeardUpTo?: number | undefined;
  /** How many of the loudest are heard then; the dominant speaker always is. */
  loudestHeard?: number | undefined;
  /** Rules of the forwarding policy that are off. */
  rulesOff?:
    | Array<
        'consumeOnRender' | 'pauseHidden' | 'layerBySize' | 'priorities' | 'loudestAudio' | 'suspendEncodings'
      >
    | undefined;
}

export interface ApiKey {
  /** `key_…`: the OAuth client id; names the secret without giving it away. */
  id: string;
  name: string;
  rights: Array<'anonymous' | 'provision' | 'admin'>;
  createdAt: string;
  /** Accurate to a minute; missing when it was never used. */
  lastUsedAt?: string | undefined;
}

export interface ApiKeyWithSecret {
  /** `key_…`: the OAuth client id; names the secret without giving it away. */
  id: string;
  name: string;
  rights: Array<'anonymous' | 'provision' | 'admin'>;
  createdAt: string;
  /** Accurate to a minute; missing when it was never used. */
  lastUsedAt?: string | undefined;
  /** `sk_…`: shown this once, only a hash is stored. */
  secret: string;
}

export interface AuditActor {
  kind: 'operator' | 'key' | 'administrator' | 'service';
  /** The key's or the user's id. */
  id?: string | undefined;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: AuditActor;
  /** The operation's id in the OpenAPI document. */
  action: string;
  /** What was made, or what it was done to, as a path of the API without the leading `/v1/`. */
  target: string;
  /** Names of the fields that were changed, never their values; of a new key, its rights. */
  details: string[];
  /** Where it came from. */
  address?: string | undefined;
  /** The same as in the answer's X-Request-Id. */
  requestId?: string | undefined;
}

export interface SigningKey {
  /** As in the header of its tokens and in the JWKS. */
  kid: string;
  createdAt: string;
  /** Missing for the key that signs now; the others verify until then. */
  verifiesUntil?: string | undefined;
}

export interface Problem {
  /** Names the kind of problem as a URI: `urn:parley:error:<code>`. */
  type: string;
  title: string;
  status: number;
  /** What went wrong in this case. */
  detail: string;
  /** The same as in `type`, for programs. */
  code:
    | 'invalid_request'
    | 'malformed_json'
    | 'unauthenticated'
    | 'token_expired'
    | 'token_revoked'
    | 'forbidden'
    | 'not_on_roster'
    | 'outside_room_window'
    | 'not_found'
    | 'call_not_found'
    | 'room_not_found'
    | 'callee_not_found'
    | 'method_not_allowed'
    | 'callee_offline'
    | 'callee_busy'
    | 'not_admitted'
    | 'removed_from_call'
    | 'conflict'
    | 'secret_already_shown'
    | 'invalid_state'
    | 'answered_elsewhere'
    | 'joined_elsewhere'
    | 'room_full'
    | 'payload_too_large'
    | 'unsupported_media_type'
    | 'idempotency_key_reused'
    | 'protocol_mismatch'
    | 'too_many_requests'
    | 'internal'
    | 'not_supported'
    | 'unavailable'
    | 'timeout';
  /** Names this occurrence; the service's log has the same id. */
  instance?: string | undefined;
  errors?: ProblemField[] | undefined;
}

export interface ProblemField {
  /** JSON pointer (RFC 6901) into the body; of a query parameter, its name after a slash. */
  pointer: string;
  detail: string;
}

export interface CreateUser {
  /** Made by the service when left out. */
  id?: string | undefined;
  /** The id when left out. */
  displayName?: string | undefined;
  email?: string | undefined;
  /** A call to one of them rings the user. Default: `[]`. */
  phoneNumbers?: string[] | undefined;
  metadata?: Record<string, Json> | undefined;
  /** Lets the user sign in with the e-mail address. */
  password?: string | undefined;
  /** Signs in as an administrator of the application; only the right `admin` can give it. Default: `false`. */
  admin?: boolean | undefined;
  /** Issues a session token of the standard scopes and lifetime along with the user. Default: `false`. */
  issueToken?: boolean | undefined;
  /** Makes an access token along with the user. Default: `false`. */
  issueAccessToken?: boolean | undefined;
}

export interface ListUsersQuery {
  /** Most items of the page. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Default: `"user"`. */
  kind?: 'user' | 'anonymous' | 'guest' | undefined;
}

export interface UpdateUser {
  displayName?: string | null | undefined;
  email?: string | null | undefined;
  phoneNumbers?: string[] | null | undefined;
  /** Merged into what there is, at every depth; 4 KB at most together. Lists are replaced as a whole. */
  metadata?: Record<string, Json> | null | undefined;
  password?: string | null | undefined;
  admin?: boolean | null | undefined;
}

export interface IssueToken {
  /** Default: `["calls"]`. */
  scopes?: Array<'calls' | 'calls.join' | 'rooms.join'> | undefined;
  /** Default: `86400`. */
  expiresInSeconds?: number | undefined;
}

export interface CreateAccessToken {
  /** Tells the user's tokens apart, such as the device that keeps it. */
  name?: string | undefined;
}

export interface CreateSession {
  accessToken: string;
  /** Default: `["calls"]`. */
  scopes?: Array<'calls' | 'calls.join' | 'rooms.join'> | undefined;
  /** Default: `86400`. */
  expiresInSeconds?: number | undefined;
}

export interface CreateGuestSession {
  /** The part of the guest link after the `#`. */
  code: string;
  displayName: string;
}

export interface CreateRoom {
  name?: string | undefined;
  /** `open` admits every user of the application, `invite` those on the roster; guest links admit to both. Default: `"invite"`. */
  access?: 'open' | 'invite' | undefined;
  /** Everybody but presenters waits until somebody lets them in. Default: `false`. */
  lobby?: boolean | undefined;
  /** From now on when left out. */
  validFrom?: string | undefined;
  /** 180 days after `validFrom` when left out. */
  validUntil?: string | undefined;
  /** Default: `100`. */
  maxParticipants?: number | undefined;
  /** Whether the role `attendee` may share a screen. Default: `true`. */
  attendeesMayShare?: boolean | undefined;
  /** How the room's calls behave, from the next one on; those left out are those of the application. Default: `{}`. */
  callSettings?: CallSettings | undefined;
  /** User id to role; the users must exist. Default: `{}`. */
  roster?: Record<string, 'presenter' | 'collaborator' | 'attendee' | 'consumer'> | undefined;
}

export interface UpdateRoom {
  name?: string | null | undefined;
  access?: 'open' | 'invite' | null | undefined;
  lobby?: boolean | null | undefined;
  validFrom?: string | null | undefined;
  validUntil?: string | null | undefined;
  maxParticipants?: number | null | undefined;
  attendeesMayShare?: boolean | null | undefined;
  callSettings?:
    | {
        ringingTimeoutSeconds?: number | null | undefined;
        aloneTimeoutSeconds?: number | null | undefined;
        reconnectSeconds?: number | null | undefined;
        whenBusy?: 'ring' | 'refuse' | null | undefined;
        directEndsWithEither?: boolean | null | undefined;
        everyoneHeardUpTo?: number | null | undefined;
        loudestHeard?: number | null | undefined;
        rulesOff?:
          | Array<
              | 'consumeOnRender'
              | 'pauseHidden'
              | 'layerBySize'
              | 'priorities'
              | 'loudestAudio'
              | 'suspendEncodings'
            >
          | null
          | undefined;
      }
    | null
    | undefined;
  roster?: Record<string, 'presenter' | 'collaborator' | 'attendee' | 'consumer' | null> | null | undefined;
}

export interface CreateGuestLink {
  /** Default: `"attendee"`. */
  role?: 'presenter' | 'collaborator' | 'attendee' | 'consumer' | undefined;
  /** Until the room ends when left out; never longer. */
  expiresInSeconds?: number | undefined;
  /** As often as one likes when left out. */
  maxUses?: number | undefined;
}

export interface ListQuery {
  /** Most items of the page. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
}

export interface ListCallsQuery {
  /** Most items of the page. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Nothing before that moment. */
  from?: string | undefined;
  /** Only what is before that moment. */
  to?: string | undefined;
  state?: 'live' | 'ended' | undefined;
  userId?: string | undefined;
}

export interface ListMyCallsQuery {
  /** Most items of the page. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Nothing before that moment. */
  from?: string | undefined;
  /** Only what is before that moment. */
  to?: string | undefined;
}

export interface CallStatsQuery {
  from: string;
  to: string;
  /** Default: `"day"`. */
  interval?: 'minute' | 'hour' | 'day' | undefined;
}

export interface CreateApplication {
  /** Made by the service when left out. */
  id?: string | undefined;
  name: string;
  /** Origins of the pages that may use the application. Default: `[]`. */
  allowedOrigins?: string[] | undefined;
  /** Those left out have their standard. Default: `{}`. */
  limits?:
    | {
        /** REST requests a minute with one API key, or of one administrator. */
        requestsPerMinute?: number | undefined;
        /** REST requests a minute with the tokens of one user. */
        userRequestsPerMinute?: number | undefined;
        /** Requests a minute to the token endpoint from one address. */
        signInsPerMinute?: number | undefined;
        /** Failed sign-ins of one user from one address within 15 minutes; from then on, one a minute. */
        failedSignIns?: number | undefined;
        /** Guest sessions, and exchanges of access tokens, a minute from one address. */
        visitorsPerMinute?: number | undefined;
        /** Devices of one user connected at a time. */
        connectionsPerUser?: number | undefined;
        /** Calls one device takes part in at a time. */
        callsPerDevice?: number | undefined;
        /** Participants of one call, those who ring included. */
        participantsPerCall?: number | undefined;
        /** Signaling requests a second of one connection; four times as many in a burst, and twice as many of one user. */
        signalingRequestsPerSecond?: number | undefined;
      }
    | undefined;
  /** How calls behave; those left out are the service's own. Default: `{}`. */
  callSettings?: CallSettings | undefined;
  /** Lets users see the others and their presence (`GET /v1/contacts`). Default: `false`. */
  contacts?: boolean | undefined;
}

export interface UpdateApplication {
  name?: string | undefined;
  allowedOrigins?: string[] | null | undefined;
  /** Only the operator sets limits. */
  limits?:
    | {
        requestsPerMinute?: number | null | undefined;
        userRequestsPerMinute?: number | null | undefined;
        signInsPerMinute?: number | null | undefined;
        failedSignIns?: number | null | undefined;
        visitorsPerMinute?: number | null | undefined;
        connectionsPerUser?: number | null | undefined;
        callsPerDevice?: number | null | undefined;
        participantsPerCall?: number | null | undefined;
        signalingRequestsPerSecond?: number | null | undefined;
      }
    | null
    | undefined;
  callSettings?:
    | {
        ringingTimeoutSeconds?: number | null | undefined;
        aloneTimeoutSeconds?: number | null | undefined;
        reconnectSeconds?: number | null | undefined;
        whenBusy?: 'ring' | 'refuse' | null | undefined;
        directEndsWithEither?: boolean | null | undefined;
        everyoneHeardUpTo?: number | null | undefined;
        loudestHeard?: number | null | undefined;
        rulesOff?:
          | Array<
              | 'consumeOnRender'
              | 'pauseHidden'
              | 'layerBySize'
              | 'priorities'
              | 'loudestAudio'
              | 'suspendEncodings'
            >
          | null
          | undefined;
      }
    | null
    | undefined;
  contacts?: boolean | null | undefined;
}

export interface CreateApiKey {
  name: string;
  rights: Array<'anonymous' | 'provision' | 'admin'>;
}

export interface ListAuditEntriesQuery {
  /** Most items of the page. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Nothing before that moment. */
  from?: string | undefined;
  /** Only what is before that moment. */
  to?: string | undefined;
}

export interface ListOperatorAuditEntriesQuery {
  /** Most items of the page. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** Nothing before that moment. */
  from?: string | undefined;
  /** Only what is before that moment. */
  to?: string | undefined;
  /** Of that application, also when it is gone; of the whole service when left out. */
  applicationId?: string | undefined;
}
