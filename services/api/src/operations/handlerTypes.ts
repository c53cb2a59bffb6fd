import type { LiveCall } from '@parley/backplane';
import type { Transaction } from '@parley/db';
import type {
  OperationAnswer,
  OperationBody,
  OperationName,
  OperationParams,
  OperationQuery,
  Operations,
} from '@parley/protocol/rest';
import type { FoundAccessToken } from '../accessTokens/findAccessToken.ts';
import type { Publications } from '../admission/Publications.ts';
import type { ApiContext } from '../context.ts';
import type { FoundGuestLink } from '../guestLinks/findGuestLink.ts';
import type { Principal } from '../principals/Principal.ts';
import type { RequestSource } from '../requests/RequestSource.ts';
import type { PasswordHash } from '../users/PasswordHash.ts';

/** The application an operation is about. Public operations find it by the secret, the operator's by the path. */
type ApplicationIdOf<Name extends OperationName> = Operations[Name]['access'] extends 'public' | 'operator'
  ? undefined
  : string;

/** An application that a public operation has found, and may or may not be used from where the request comes. */
export interface FoundApplication {
  readonly applicationId: string;
}

/**
 * What comes before the transaction of some operations: what takes long, so that no connection waits for it, and
 * whether a visitor may ask at all, so that one who asks again is asked again.
 */
export interface Preparations {
  createUser: PasswordHash;
  updateUser: PasswordHash;
  createSession: FoundAccessToken;
  createGuestSession: FoundGuestLink;
  endCall: LiveCall;
  removeParticipant: LiveCall;
  muteParticipant: LiveCall;
}

/** What an operation's preparation answered. */
type PreparedOf<Name extends OperationName> = Name extends keyof Preparations
  ? Preparations[Name]
  : undefined;

/** One request whose principal may ask it and whose parts match their schemas. */
export interface OperationCall<Name extends OperationName> {
  readonly context: ApiContext;
  /**
   * Of an operation that changes something, the transaction it is carried out in, together with its row in the audit
   * log and the answer kept for a retry.
   */
  readonly database: Transaction;
  /**
   * Takes what the sfu must know. It is told at the end of the transaction, when nothing is left to do but to commit:
   * who can see the row can rely on it, no later change overtakes this one, and what fails before has told nothing.
   */
  readonly publish: Publications;
  /**
   * Takes what is to be done once the transaction was committed and its connection is free again; what that throws is
   * the answer.
   */
  readonly afterwards: (task: () => Promise<void>) => void;
  readonly principal: Principal;
  readonly applicationId: ApplicationIdOf<Name>;
  readonly params: OperationParams<Name>;
  readonly query: OperationQuery<Name>;
  readonly body: OperationBody<Name>;
  readonly source: RequestSource;
  readonly prepared: PreparedOf<Name>;
}

/** What a preparation is made from. */
export interface PreparationCall<Name extends keyof Preparations> extends Omit<
  OperationCall<Name>,
  'database' | 'publish' | 'afterwards' | 'prepared'
> {
  /**
   * Of a public operation: refuses pages of origins that the application does not list, and counts the visit against
   * its limits.
   */
  readonly admitVisitor: (application: FoundApplication) => Promise<void>;
}

/** Prepares one operation; a `ProtocolError` it throws is the answer. */
export type Prepare<Name extends keyof Preparations> = (
  call: PreparationCall<Name>,
) => Promise<Preparations[Name]>;

/** Carries out one operation; a `ProtocolError` it throws is the answer. */
export type Handler<Name extends OperationName> = (
  call: OperationCall<Name>,
) => Promise<OperationAnswer<Name> extends undefined ? void : OperationAnswer<Name>>;

export type Handlers = { readonly [Name in OperationName]: Handler<Name> };

/**
 * Carries out one operation without a transaction and writes a record of its own; undefined leaves the request to the
 * ordinary handler.
 */
export type SelfRecordingHandler<Name extends OperationName> = (
  call: OperationCall<Name>,
) => Promise<OperationAnswer<Name> | undefined>;

export type SelfRecordingHandlers = { readonly [Name in OperationName]?: SelfRecordingHandler<Name> };
