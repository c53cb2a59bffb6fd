import type { Entered, Waiting } from '@parley/protocol';
import type { CallJournal } from '../../src/calls/recovery/CallJournal.ts';
import { createCallWorld, type CallWorld, type FakeDevice } from './callWorld.ts';
import { offer } from './FakeMedia.ts';

export interface LobbyRoom {
  readonly world: CallWorld;
  readonly alice: FakeDevice;
  readonly callId: string;
}

/** Alice presents in a room with a lobby. */
export async function createLobbyRoom(journal?: CallJournal): Promise<LobbyRoom> {
  const world = await createCallWorld(journal);
  await world.putRoom({ lobby: true, roster: { alice: 'presenter' } });
  const alice = await world.device('alice');
  const { call } = await world.enterRoom(alice);

  return { world, alice, callId: call.id };
}

/** Answers as the room does, whether the device is let in or not. */
export const joinRoom = ({ calls }: CallWorld, device: FakeDevice): Promise<Entered> =>
  calls.joinRoom(device, { roomId: 'room', media: offer });

/** Comes before the door; the test has failed when the device does not have to wait there. */
export async function waitBefore(world: CallWorld, device: FakeDevice): Promise<Waiting> {
  const answer = await joinRoom(world, device);
  if (answer.action !== 'lobby') {
    throw new Error(`The answer was ${answer.action}.`);
  }

  return answer;
}
