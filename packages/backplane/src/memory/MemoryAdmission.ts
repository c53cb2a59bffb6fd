import { Emitter, type Disposable } from '@parley/kit';
import type {
  Admission,
  ApplicationRecord,
  PublicJwk,
  RevocableToken,
  Revocation,
  RoomChange,
  RoomRecord,
  UserRecord,
} from '../admission.ts';
import { MemoryUsers } from './MemoryUsers.ts';
import { Revocations } from '../Revocations.ts';

/** What belongs to one application, and goes with it. */
interface Tenant {
  application: ApplicationRecord | undefined;
  readonly users: MemoryUsers;
  readonly rooms: Map<string, RoomRecord>;
}

/** `Admission` for api and sfu in one process. */
export class MemoryAdmission implements Admission {
  readonly #tenants = new Map<string, Tenant>();
  readonly #revocations = new Revocations();
  readonly #events: Emitter<{ revoked: [Revocation]; roomChanged: [RoomChange] }>;
  #hasCompleteList = false;
  #signingKeys: readonly PublicJwk[] = [];

  constructor(onListenerError: (error: unknown) => void) {
    this.#events = new Emitter(onListenerError);
  }

  async putApplication(record: ApplicationRecord): Promise<void> {
    this.#tenant(record.applicationId).application = record;
  }

  async removeApplication(applicationId: string): Promise<void> {
    const tenant = this.#tenants.get(applicationId);
    this.#tenants.delete(applicationId);
    for (const roomId of tenant?.rooms.keys() ?? []) {
      this.#events.emit('roomChanged', { applicationId, roomId, room: undefined });
    }
  }

  async application(applicationId: string): Promise<ApplicationRecord | undefined> {
    return this.#tenants.get(applicationId)?.application;
  }

  async applicationIds(): Promise<readonly string[]> {
    return [...this.#tenants.keys()];
  }

  async putUser(record: UserRecord): Promise<void> {
    this.#tenant(record.applicationId).users.put(record);
  }

  async removeUser(applicationId: string, userId: string): Promise<void> {
    this.#tenants.get(applicationId)?.users.remove(userId);
  }

  async user(applicationId: string, userId: string): Promise<UserRecord | undefined> {
    return this.#tenants.get(applicationId)?.users.find(userId);
  }

  async userOfNumber(applicationId: string, phoneNumber: string): Promise<UserRecord | undefined> {
    return this.#tenants.get(applicationId)?.users.ofNumber(phoneNumber);
  }

  async userIds(applicationId: string): Promise<readonly string[]> {
    return this.#tenants.get(applicationId)?.users.ids() ?? [];
  }

  async putRoom(record: RoomRecord): Promise<void> {
    const { applicationId, roomId } = record;
    this.#tenant(applicationId).rooms.set(roomId, record);
    this.#events.emit('roomChanged', { applicationId, roomId, room: record });
  }

  async removeRoom(applicationId: string, roomId: string): Promise<void> {
    if (this.#tenants.get(applicationId)?.rooms.delete(roomId) === true) {
      this.#events.emit('roomChanged', { applicationId, roomId, room: undefined });
    }
  }

  async room(applicationId: string, roomId: string): Promise<RoomRecord | undefined> {
    return this.#tenants.get(applicationId)?.rooms.get(roomId);
  }

  async roomIds(applicationId: string): Promise<readonly string[]> {
    return [...(this.#tenants.get(applicationId)?.rooms.keys() ?? [])];
  }

  onRoomChanged(listener: (change: RoomChange) => void): Disposable {
    return this.#events.on('roomChanged', listener);
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
    if (this.#revocations.add(revocation)) {
      this.#events.emit('revoked', revocation);
    }
  }

  isRevoked(token: RevocableToken): boolean | undefined {
    return this.#hasCompleteList ? this.#revocations.void(token) : undefined;
  }

  onRevoked(listener: (revocation: Revocation) => void): Disposable {
    return this.#events.on('revoked', listener);
  }

  /** Nothing goes that this process does not go with. */
  onLost(): Disposable {
    return () => {};
  }

  /** The records of an application may arrive in any order. */
  #tenant(applicationId: string): Tenant {
    const tenant = this.#tenants.get(applicationId) ?? {
      application: undefined,
      users: new MemoryUsers(),
      rooms: new Map<string, RoomRecord>(),
    };
    this.#tenants.set(applicationId, tenant);

    return tenant;
  }
}
