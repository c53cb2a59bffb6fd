import {
  roles,
  type CallSnapshot,
  type ParticipantInfo,
  type RequestAnswer,
  type RequestData,
  type RequestName,
  type Role,
} from '@parley/protocol';
import { produce, type Participation } from '../../src/calls/participants/publish.ts';
import { createCallWorld, type CallWorld, type FakeDevice } from './callWorld.ts';

/**
 * A room in which `chair` presents and Bob attends. A user whose id is the name of a role enters in that role, anybody
 * else as a collaborator.
 */
export interface RoomWorld {
  readonly world: CallWorld;
  readonly callId: string;
  readonly chair: FakeDevice;
  readonly chairId: string;
  readonly bob: FakeDevice;
  readonly bobId: string;
  /** Connects one more user, who enters the room. */
  enter(userId: string): Promise<Participation & { readonly device: FakeDevice }>;
  /** What the client of the device asks for, of the room's call unless of another. */
  ask<Name extends RequestName>(
    device: FakeDevice,
    name: Name,
    data?: Omit<RequestData<Name>, 'callId'> & { readonly callId?: string },
  ): Promise<RequestAnswer<Name>>;
  /** Sends the source and answers the producer's id. */
  send(device: FakeDevice, source: 'microphone' | 'camera'): Promise<string>;
  /** As the chair would be given it. */
  snapshot(): CallSnapshot;
  /** Somebody of the snapshot. */
  find(participantId: string): ParticipantInfo | undefined;
}

export async function createRoomWorld(): Promise<RoomWorld> {
  const world = await createCallWorld();
  const named = roles.map((role) => [role, role] as const);
  const roster: Record<string, Role> = { chair: 'presenter', bob: 'attendee', ...Object.fromEntries(named) };
  await world.putRoom({ roster });
  const enter: RoomWorld['enter'] = async (userId) => {
    const device = await world.device(userId);
    const entered = await world.enterRoom(device);

    return { device, ...world.calls.participation(device, entered.call.id) };
  };
  const chair = await enter('chair');
  const bob = await enter('bob');
  const { call } = chair;
  const snapshot = (): CallSnapshot => call.snapshotFor(chair.participant);

  return {
    world,
    callId: call.id,
    chair: chair.device,
    chairId: chair.participant.id,
    bob: bob.device,
    bobId: bob.participant.id,
    enter,
    ask: (device, name, data) =>
      // The compiler does not put together what every request has with what it has besides.
      world.ask(device, name, { callId: call.id, ...data } as RequestData<typeof name>),
    send: (device, source) =>
      produce(world.calls.participation(device, call.id), {
        transportId: 'transport',
        source,
        rtpParameters: { codecs: [] },
        paused: false,
      }),
    snapshot,
    find: (participantId) => snapshot().participants.find(({ id }) => id === participantId),
  };
}
