import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom();
  [alice, bob] = [await world.device('alice'), await world.device('bob')];
});

const roomId = 'room';
const join = (device: FakeDevice) => world.calls.joinRoom(device, { roomId, media: offer });

async function comeAndGo(device: FakeDevice, callId: string): Promise<void> {
  await join(device);
  await world.ask(device, 'leaveCall', { callId });
}

describe('a user', () => {
  it('who enters a call and leaves it over and over does so 24 times at once, then six times a minute', async () => {
    const { call } = await world.enterRoom(alice);
    for (let count = 0; count < 24; count += 1) {
      await comeAndGo(bob, call.id);
      world.clock.advance(10);
    }
    const again = await world.device('bob');
    for (const device of [bob, again]) {
      await expect(join(device)).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 10 });
    }
    expect(alice.heard('participantJoined')).toHaveLength(24);
    await world.enterRoom(await world.device('carol'));

    world.clock.advance(60_000);
    for (let count = 0; count < 6; count += 1) {
      await comeAndGo(again, call.id);
    }
    expect(await codeOf(join(again))).toBe('too_many_requests');
  });

  it('enters with ten tabs at once, twice', async () => {
    await world.enterRoom(alice);
    for (let count = 0; count < 2; count += 1) {
      const tabs = await Promise.all(Array.from({ length: 10 }, () => world.device('bob')));
      expect(await Promise.all(tabs.map((tab) => codeOf(join(tab))))).toEqual(tabs.map(() => undefined));
      tabs.forEach((tab) => world.calls.disconnect(tab, 'hangup'));
    }
  });

  it('whose phone loses its connection every few seconds does not enter anew', async () => {
    await world.enterRoom(alice);
    let device = bob;
    let { call, resumeToken } = await world.enterRoom(device);
    for (let count = 0; count < 60; count += 1) {
      world.drop(device);
      world.clock.advance(3_000);
      device = await world.device('bob');
      const back = await world.ask(device, 'resume', { callId: call.id, resumeToken, sequence: 0 });
      resumeToken = back.action === 'resume' ? back.resumeToken : resumeToken;
    }
    await world.ask(device, 'leaveCall', { callId: call.id });

    expect(await codeOf(join(device))).toBeUndefined();
  });

  it('comes no oftener before the door of a lobby, or back into a group call', async () => {
    await world.putRoom({ lobby: true, roster: { alice: 'presenter' } });
    const { call: room } = await world.enterRoom(alice);
    for (let count = 0; count < 24; count += 1) {
      await comeAndGo(bob, room.id);
    }
    expect(await codeOf(join(bob))).toBe('too_many_requests');

    const carol = await world.device('carol');
    const { call } = await world.calls.startCall(alice, { callees: ['bob', 'carol'], media: offer });
    await world.calls.acceptCall(carol, call.id, offer);
    const joinCall = () => world.calls.joinCall(bob, { callId: call.id, media: offer });
    // The first time answers what rings, and is no entrance anew.
    for (let count = 0; count <= 24; count += 1) {
      await joinCall();
      await world.ask(bob, 'leaveCall', { callId: call.id });
    }
    expect(await codeOf(joinCall())).toBe('too_many_requests');
  });

  it('who does not know of a call learns nothing of it by asking often', async () => {
    const carol = await world.device('carol');
    const { call } = await world.calls.startCall(alice, { callees: ['bob', 'nobody'], media: offer });
    const request = { callId: call.id, media: offer };
    for (let count = 0; count < 50; count += 1) {
      expect(await codeOf(world.calls.joinCall(carol, request))).toBe('call_not_found');
    }
  });
});
