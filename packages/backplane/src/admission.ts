import type { Disposable } from '@parley/kit';
import type { ChangedCallSettings, Limits, Role } from '@parley/protocol';

export interface ApplicationRecord {
  readonly applicationId: string;
  /** Web origins whose pages may connect; `http://localhost:*` stands for any port. */
  readonly allowedOrigins: readonly string[];
  /** User ids and E.164 numbers that anonymous users may call. */
  readonly anonymousDestinations: readonly string[];
  readonly limits: Limits;
  /** How its calls behave, where that is not as usual. */
  readonly callSettings?: ChangedCallSettings;
}

/** A user who can be called: anonymous users and guests are none. */
export interface UserRecord {
  readonly applicationId: string;
  readonly userId: string;
  readonly displayName: string;
  /** E.164; a call to one of them rings the user. */
  readonly phoneNumbers: readonly string[];
}

export interface RoomRecord {
  readonly applicationId: string;
  readonly roomId: string;
  /** `open` admits every user of the application, `invite` only the roster; a guest link admits to both. */
  readonly access: 'open' | 'invite';
  /** Everybody but presenters waits until somebody lets them in. */
  readonly lobby: boolean;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly maxParticipants: number;
  readonly attendeesMayShare: boolean;
  /** How its calls behave, where that is not as usual in the application. */
  readonly callSettings?: ChangedCallSettings;
  readonly roster: Readonly<Record<string, Role>>;
}

/** A room that was changed; without a record it was deleted. */
export interface RoomChange {
  readonly applicationId: string;
  readonly roomId: string;
  readonly room: RoomRecord | undefined;
}

/** What a revocation voids: every token of the application, of one user, or of one grant. */
export type RevocationSubject =
  | { readonly kind: 'application' }
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'grant'; readonly grantId: string };

/** Every session token of the subject issued before that moment is void. */
export interface Revocation {
  readonly applicationId: string;
  readonly subject: RevocationSubject;
  /** Milliseconds since the Unix epoch. */
  readonly revokedBeforeMs: number;
}

/** What of a session token decides whether a revocation concerns it. */
export interface RevocableToken {
  readonly applicationId: string;
  readonly userId: string;
  readonly grantId: string;
  readonly issuedAtMs: number;
}

/** A public signing key of the api, RFC 7517. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string };

/**
 * What an sfu needs to admit somebody, published by the api before its own answer leaves, so that a token or
 * room can be used as soon as its maker knows of it. Reads never reach the database.
 */
export interface Admission {
  putApplication(record: ApplicationRecord): Promise<void>;
  /** Removes the application with its users and rooms; what voids its tokens is a revocation. */
  removeApplication(applicationId: string): Promise<void>;
  application(applicationId: string): Promise<ApplicationRecord | undefined>;
  /** Every application of which anything is known, for an api that looks for what should be gone. */
  applicationIds(): Promise<readonly string[]>;

  putUser(record: UserRecord): Promise<void>;
  removeUser(applicationId: string, userId: string): Promise<void>;
  user(applicationId: string, userId: string): Promise<UserRecord | undefined>;
  /** The user whom an E.164 number rings. */
  userOfNumber(applicationId: string, phoneNumber: string): Promise<UserRecord | undefined>;
  userIds(applicationId: string): Promise<readonly string[]>;

  putRoom(record: RoomRecord): Promise<void>;
  removeRoom(applicationId: string, roomId: string): Promise<void>;
  room(applicationId: string, roomId: string): Promise<RoomRecord | undefined>;
  roomIds(applicationId: string): Promise<readonly string[]>;
  /** Calls `listener` for every room that is put or removed from now on. */
  onRoomChanged(listener: (change: RoomChange) => void): Disposable;

  /** Replaces the keys that tokens are verified with. */
  putSigningKeys(keys: readonly PublicJwk[]): Promise<void>;
  signingKeys(): Promise<readonly PublicJwk[]>;

  /** The complete list, published when an api starts; keeps a later moment that is already known. */
  putAllRevocations(revocations: readonly Revocation[]): Promise<void>;
  putRevocation(revocation: Revocation): Promise<void>;
  /** Whether a revocation voids the token. Undefined while no complete list has arrived: then nobody can know. */
  isRevoked(token: RevocableToken): boolean | undefined;
  /** Calls `listener` for every revocation that arrives from now on. */
  onRevoked(listener: (revocation: Revocation) => void): Disposable;

  /** Calls `listener` when what was published may be gone: an api then publishes all of it again. */
  onLost(listener: () => void): Disposable;
}
