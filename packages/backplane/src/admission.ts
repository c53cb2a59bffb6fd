import type { Disposable } from '@parley/kit';
import type { Role } from '@parley/protocol';

export interface ApplicationRecord {
  readonly applicationId: string;
  /** Web origins whose pages may connect; `http://localhost:*` stands for any port. */
  readonly allowedOrigins: readonly string[];
}

export interface UserRecord {
  readonly applicationId: string;
  readonly userId: string;
  readonly displayName: string;
}

export interface RoomRecord {
  readonly applicationId: string;
  readonly roomId: string;
  /** `open` admits every user of the application, `invite` only the roster; a guest link admits to both. */
  readonly access: 'open' | 'invite';
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly maxParticipants: number;
  readonly roster: Readonly<Record<string, Role>>;
}

/** Every session token of the user issued before that moment is void. */
export interface Revocation {
  readonly applicationId: string;
  readonly userId: string;
  /** Milliseconds since the Unix epoch. */
  readonly revokedBeforeMs: number;
}

/** A public signing key of the api, RFC 7517. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string };

/**
 * What an sfu needs to admit somebody, published by the api before its own answer leaves, so that a token or
 * room can be used as soon as its maker knows of it. Reads never reach the database.
 */
export interface Admission {
  putApplication(record: ApplicationRecord): Promise<void>;
  application(applicationId: string): Promise<ApplicationRecord | undefined>;

  putUser(record: UserRecord): Promise<void>;
  removeUser(applicationId: string, userId: string): Promise<void>;
  user(applicationId: string, userId: string): Promise<UserRecord | undefined>;

  putRoom(record: RoomRecord): Promise<void>;
  removeRoom(applicationId: string, roomId: string): Promise<void>;
  room(applicationId: string, roomId: string): Promise<RoomRecord | undefined>;

  /** Replaces the keys that tokens are verified with. */
  putSigningKeys(keys: readonly PublicJwk[]): Promise<void>;
  signingKeys(): Promise<readonly PublicJwk[]>;

  /** The complete list, published when an api starts; keeps a later moment that is already known. */
  putAllRevocations(revocations: readonly Revocation[]): Promise<void>;
  putRevocation(revocation: Revocation): Promise<void>;
  /**
   * The moment before which the user's tokens are void, 0 when there is none. Undefined while no complete
   * list has arrived: then nobody can be admitted.
   */
  revokedBefore(applicationId: string, userId: string): number | undefined;
  /** Calls `listener` for every revocation that arrives from now on. */
  onRevoked(listener: (revocation: Revocation) => void): Disposable;
}
