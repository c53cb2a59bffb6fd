import { BoundedMap, Emitter, type Clock, type Disposable } from '@parley/kit';
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
import { AdmissionChanges, type AdmissionChange } from './AdmissionChanges.ts';
import * as scripts from './admissionScripts.ts';
import type { RedisLink, RedisServer } from './RedisLink.ts';
import { RedisRevocations } from './RedisRevocations.ts';

/** More than one node has live rooms, and applications whose people are on it. */
const mostRemembered = 20_000;

const everybody = '';

/**
 * `Admission` for several processes. What it takes to come back to a call, that is applications, rooms and signing
 * keys, is answered as it was last read while Redis is away, or was emptied and not filled again yet.
 */
export class RedisAdmission implements Admission {
  readonly #link: RedisLink;
  readonly #changes: AdmissionChanges;
  readonly #revocations: RedisRevocations;
  readonly #events: Emitter<{ revoked: [Revocation]; roomChanged: [RoomChange]; lost: [] }>;
  readonly #applications = new BoundedMap<string, ApplicationRecord>(mostRemembered);
  readonly #rooms = new BoundedMap<string, RoomRecord>(mostRemembered);
  readonly #keys = new BoundedMap<string, readonly PublicJwk[]>(1);
  /** An api has published all there is: what is not found does not exist. */
  #isComplete = false;

  constructor(link: RedisLink, clock: Clock, onListenerError: (error: unknown) => void) {
    this.#link = link;
    this.#events = new Emitter(onListenerError);
    this.#changes = new AdmissionChanges(link, clock, (change) => this.#take(change));
    this.#revocations = new RedisRevocations(link, this.#changes, (revocation) =>
      this.#events.emit('revoked', revocation),
    );
    link.whenUp((server) => this.#load(server));
  }

  async putApplication(record: ApplicationRecord): Promise<void> {
    await this.#link.run(scripts.putApplication, record.applicationId, JSON.stringify(record));
  }

  removeApplication(applicationId: string): Promise<void> {
    return this.#changes.make(scripts.removeApplication, applicationId);
  }

  application(applicationId: string): Promise<ApplicationRecord | undefined> {
    return this.#read(this.#applications, applicationId, () => this.#field('applications', applicationId));
  }

  applicationIds(): Promise<readonly string[]> {
    return this.#link.ask((client) => client.smembers(this.#link.key('tenants')));
  }

  async putUser(record: UserRecord): Promise<void> {
    const { applicationId, userId, phoneNumbers } = record;
    await this.#link.run(scripts.putUser, applicationId, userId, JSON.stringify(record), ...phoneNumbers);
  }

  async removeUser(applicationId: string, userId: string): Promise<void> {
    await this.#link.run(scripts.removeUser, applicationId, userId);
  }

  user(applicationId: string, userId: string): Promise<UserRecord | undefined> {
    return this.#field(`users:${applicationId}`, userId);
  }

  async userOfNumber(applicationId: string, phoneNumber: string): Promise<UserRecord | undefined> {
    const found = await this.#link.run(scripts.userOfNumber, applicationId, phoneNumber);

    return parse(found as string | null) as UserRecord | undefined;
  }

  userIds(applicationId: string): Promise<readonly string[]> {
    return this.#fields(`users:${applicationId}`);
  }

  putRoom(record: RoomRecord): Promise<void> {
    const { applicationId, roomId } = record;

    return this.#changes.make(scripts.putRoom, applicationId, roomId, JSON.stringify(record));
  }

  removeRoom(applicationId: string, roomId: string): Promise<void> {
    return this.#changes.make(scripts.removeRoom, applicationId, roomId);
  }

  room(applicationId: string, roomId: string): Promise<RoomRecord | undefined> {
    const key = keyOf(applicationId, roomId);

    return this.#read(this.#rooms, key, () => this.#field(`rooms:${applicationId}`, roomId));
  }

  roomIds(applicationId: string): Promise<readonly string[]> {
    return this.#fields(`rooms:${applicationId}`);
  }

  onRoomChanged(listener: (change: RoomChange) => void): Disposable {
    return this.#events.on('roomChanged', listener);
  }

  async putSigningKeys(keys: readonly PublicJwk[]): Promise<void> {
    await this.#link.ask((client) => client.set(this.#link.key('signingKeys'), JSON.stringify(keys)));
  }

  async signingKeys(): Promise<readonly PublicJwk[]> {
    const key = this.#link.key('signingKeys');
    const read = async () => {
      const text = await this.#link.ask((client) => client.get(key));

      return parse(text) as readonly PublicJwk[] | undefined;
    };

    return (await this.#read(this.#keys, everybody, read)) ?? [];
  }

  putAllRevocations(revocations: readonly Revocation[]): Promise<void> {
    return this.#revocations.putAll(revocations);
  }

  putRevocation(revocation: Revocation): Promise<void> {
    return this.#revocations.put([revocation]);
  }

  isRevoked(token: RevocableToken): boolean | undefined {
    return this.#revocations.isRevoked(token);
  }

  onRevoked(listener: (revocation: Revocation) => void): Disposable {
    return this.#events.on('revoked', listener);
  }

  onLost(listener: () => void): Disposable {
    return this.#events.on('lost', listener);
  }

  /** What was told while the link was down was not heard: it is read instead. */
  async #load({ isOther }: RedisServer): Promise<void> {
    const flag = await this.#link.ask((client) => client.get(this.#link.key('complete')));
    this.#isComplete = flag !== null;
    await this.#revocations.load(this.#isComplete);
    await this.#readAgain();
    if (isOther) {
      this.#events.emit('lost');
    }
  }

  #take(change: AdmissionChange): void {
    if ('revoked' in change) {
      this.#revocations.take(...change.revoked);
    } else if ('room' in change) {
      const { applicationId, roomId, record } = change.room;
      remember(this.#rooms, keyOf(applicationId, roomId), record);
      this.#events.emit('roomChanged', { applicationId, roomId, room: record });
    } else if ('application' in change) {
      this.#applications.delete(change.application);
    } else {
      this.#revocations.complete();
      this.#isComplete = true;
      // When it fails, the link goes down, and all is read when it is up.
      this.#readAgain().catch(() => {});
    }
  }

  /** Tells of the rooms that are not what they were when they were read, or told of, last. */
  async #readAgain(): Promise<void> {
    if (!this.#isComplete) {
      return;
    }
    await this.signingKeys();
    // A copy: what is remembered anew is at the end then, where it would be met again.
    const known = [...this.#rooms];
    for (const [key, before] of known) {
      const { applicationId, roomId } = before;
      const room = await this.#field<RoomRecord>(`rooms:${applicationId}`, roomId);
      // Unless it was told of meanwhile.
      if (JSON.stringify(room) !== JSON.stringify(before) && this.#rooms.get(key) === before) {
        remember(this.#rooms, key, room);
        this.#events.emit('roomChanged', { applicationId, roomId, room });
      }
    }
  }

  /** The record, and when it cannot be known, what it was. */
  async #read<Value>(
    remembered: BoundedMap<string, Value>,
    key: string,
    read: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    let value: Value | undefined;
    try {
      value = await read();
    } catch (error) {
      const known = remembered.get(key);
      if (known === undefined) {
        throw error;
      }

      return known;
    }
    if (value === undefined && !this.#isComplete) {
      return remembered.get(key);
    }
    remember(remembered, key, value);

    return value;
  }

  async #field<Value>(hash: string, field: string): Promise<Value | undefined> {
    const text = await this.#link.ask((client) => client.hget(this.#link.key(hash), field));

    return parse(text) as Value | undefined;
  }

  async #fields(hash: string): Promise<readonly string[]> {
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, pairs] = await this.#link.ask((client) =>
        client.hscan(this.#link.key(hash), cursor, 'COUNT', 1_000),
      );
      cursor = next;
      pairs.forEach((text, index) => (index % 2 === 0 ? found.add(text) : undefined));
    } while (cursor !== '0');

    return [...found];
  }
}

/** What this platform has written itself, under a prefix that names the version. */
function parse(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

/** A slash occurs in neither id. */
function keyOf(applicationId: string, roomId: string): string {
  return `${applicationId}/${roomId}`;
}

/** What does not exist is not remembered. */
function remember<Value>(values: BoundedMap<string, Value>, key: string, value: Value | undefined): void {
  if (value === undefined) {
    values.delete(key);
  } else {
    values.set(key, value);
  }
}
