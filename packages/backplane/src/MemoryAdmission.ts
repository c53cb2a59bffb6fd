import { Emitter, type Disposable } from '@parley/kit';
import type {
  Admission,
  ApplicationRecord,
  PublicJwk,
  Revocation,
  RoomRecord,
  UserRecord,
} from './admission.ts';

/** `Admission` for api and sfu in one process. */
export class MemoryAdmission implements Admission {
  readonly #applications = new Map<string, ApplicationRecord>();
  readonly #users = new Map<string, UserRecord>();
  readonly #rooms = new Map<string, RoomRecord>();
  readonly #events: Emitter<{ revoked: [Revocation] }>;
  readonly #revokedBefore = new Map<string, number>();
  #hasCompleteList = false;
  #signingKeys: readonly PublicJwk[] = [];

  constructor(onListenerError: (error: unknown) => void) {
    this.#events = new Emitter(onListenerError);
  }

  async putApplication(record: ApplicationRecord): Promise<void> {
    this.#applications.set(record.applicationId, record);
  }

  async application(applicationId: string): Promise<ApplicationRecord | undefined> {
    return this.#applications.get(applicationId);
  }

  async putUser(record: UserRecord): Promise<void> {
    this.#users.set(keyOf(record.applicationId, record.userId), record);
  }

  async removeUser(applicationId: string, userId: string): Promise<void> {
    this.#users.delete(keyOf(applicationId, userId));
  }

  async user(applicationId: string, userId: string): Promise<UserRecord | undefined> {
    return this.#users.get(keyOf(applicationId, userId));
  }

  async putRoom(record: RoomRecord): Promise<void> {
    this.#rooms.set(keyOf(record.applicationId, record.roomId), record);
  }

  async removeRoom(applicationId: string, roomId: string): Promise<void> {
    this.#rooms.delete(keyOf(applicationId, roomId));
  }

  async room(applicationId: string, roomId: string): Promise<RoomRecord | undefined> {
    return this.#rooms.get(keyOf(applicationId, roomId));
  }

  async putSigningKeys(keys: readonly PublicJwk[]): Promise<void> {
    this.#signingKeys = [...keys];
  }

  async signingKeys(): Promise<readonly PublicJwk[]> {
    return this.#signingKeys;
  }

  async putAllRevocations(revocations: readonly Revocation[]): Promise<void> {
    for (const revocation of revocations) {
      await this.putRevocation(revocation);
    }
    this.#hasCompleteList = true;
  }

  async putRevocation(revocation: Revocation): Promise<void> {
    const key = keyOf(revocation.applicationId, revocation.userId);
    if (revocation.revokedBeforeMs > (this.#revokedBefore.get(key) ?? 0)) {
      this.#revokedBefore.set(key, revocation.revokedBeforeMs);
      this.#events.emit('revoked', revocation);
    }
  }

  revokedBefore(applicationId: string, userId: string): number | undefined {
    return this.#hasCompleteList ? (this.#revokedBefore.get(keyOf(applicationId, userId)) ?? 0) : undefined;
  }

  onRevoked(listener: (revocation: Revocation) => void): Disposable {
    return this.#events.on('revoked', listener);
  }
}

/** A slash occurs in neither an application's id nor a room's or user's. */
function keyOf(applicationId: string, id: string): string {
  return `${applicationId}/${id}`;
}
