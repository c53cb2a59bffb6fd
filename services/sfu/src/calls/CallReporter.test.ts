import { beforeEach, describe, expect, it } from 'vitest';
import { createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom({ roster: { alice: 'presenter' } });
  [alice, bob] = [await world.device('alice'), await world.device('bob')];
});

/** All that is logged of one participant, without what every line of theirs carries. */
function wayOf(participantId: string, callId: string): object[] {
  const lines = world.log.filter((line) => line['participantId'] === participantId);
  for (const line of lines) {
    expect(line).toMatchObject({ level: 30, callId });
  }

  return lines.map(({ msg, endpointId, action, reason }) => ({ msg, endpointId, action, reason }));
}

describe('the log of a participant', () => {
  it('tells once each how they came, were lost, came back, found another path and were given up', async () => {
    await world.enterRoom(bob);
    const { participantId, call, resumeToken, sequence } = await world.enterRoom(alice);
    const callId = call.id;

    world.drop(alice);
    const again = await world.device('alice');
    await world.ask(again, 'resume', { callId, resumeToken, sequence });
    await world.ask(again, 'restartIce', { callId });
    world.drop(again);
    world.clock.advance(30_000);

    expect(wayOf(participantId, callId)).toEqual([
      { msg: 'participant joined', endpointId: alice.id },
      { msg: 'participant reconnecting', endpointId: alice.id },
      { msg: 'participant resumed', endpointId: again.id, action: 'resume' },
      { msg: 'ICE restarted' },
      { msg: 'participant reconnecting', endpointId: again.id },
      { msg: 'participant left', reason: 'connection_lost' },
    ]);
  });

  it('tells of who is rung and hangs up, and the call of its own states', async () => {
    const { call } = await world.calls.startCall(alice, { callees: ['bob'], media: offer });
    const { participantId } = await world.calls.acceptCall(bob, call.id, offer);
    await world.ask(bob, 'leaveCall', { callId: call.id });

    expect(wayOf(participantId, call.id)).toEqual([
      { msg: 'participant ringing' },
      { msg: 'participant joined', endpointId: bob.id },
      { msg: 'participant left', reason: 'hangup' },
    ]);
    const own = world.log.filter((line) => line['callId'] === call.id && !('participantId' in line));
    expect(own.map(({ msg }) => msg)).toEqual(['call started', 'call connected', 'call ended']);
  });

  it('tells of who waits, is lost before the door, let in or turned away', async () => {
    await world.putRoom({ roster: { alice: 'presenter' }, lobby: true });
    const { call } = await world.enterRoom(alice);
    const carol = await world.device('carol');
    const wait = async (device: FakeDevice) => {
      const answer = await world.calls.joinRoom(device, { roomId: 'room', media: offer });
      if (answer.action !== 'lobby') {
        throw new Error(`The answer was ${answer.action}.`);
      }

      return answer;
    };
    const [bobs, carols] = [await wait(bob), await wait(carol)];
    const callId = call.id;

    world.drop(bob);
    const again = await world.device('bob');
    await world.ask(again, 'resume', { callId, resumeToken: bobs.resumeToken, sequence: bobs.sequence });
    await world.ask(alice, 'admitParticipants', { callId, participantIds: [bobs.participantId] });
    await world.ask(alice, 'denyParticipants', { callId, participantIds: [carols.participantId] });

    expect(wayOf(bobs.participantId, callId)).toEqual([
      { msg: 'participant waiting' },
      { msg: 'participant reconnecting', endpointId: bob.id },
      { msg: 'participant resumed', endpointId: again.id, action: 'resume' },
      { msg: 'participant joined', endpointId: again.id },
    ]);
    expect(wayOf(carols.participantId, callId)).toEqual([
      { msg: 'participant waiting' },
      { msg: 'participant turned away', reason: expect.any(String) as string },
    ]);
  });
});
