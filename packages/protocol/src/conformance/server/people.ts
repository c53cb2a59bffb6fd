import { ConformingClient, type Entered } from './ConformingClient.ts';
import type { RoomOptions, ServerDriver } from './ServerDriver.ts';

export interface Person {
  readonly userId: string;
  readonly client: ConformingClient;
  readonly joined: Entered<'joinRoom'>;
}

/** Two in a room: Alice, who presents, and Bob, who came after her. */
export interface Pair {
  readonly roomId: string;
  readonly callId: string;
  readonly alice: Person;
  readonly bob: Person;
}

export async function meet(driver: ServerDriver, options: Partial<RoomOptions> = {}): Promise<Pair> {
  const [alices, bobs] = [await driver.user('alice'), await driver.user('bob')];
  const roomId = await driver.createRoom({
    hasLobby: false,
    ...options,
    roster: { [alices]: 'presenter', [bobs]: 'collaborator' },
  });
  const alice = await enter(driver, alices, roomId);
  const bob = await enter(driver, bobs, roomId);
  await alice.client.next('participantJoined');

  return { roomId, callId: alice.joined.call.id, alice, bob };
}

export async function enter(driver: ServerDriver, userId: string, roomId: string): Promise<Person> {
  const client = await ConformingClient.connect(driver, userId);

  return { userId, client, joined: await client.enter('joinRoom', { roomId }) };
}
