import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let phone: FakeDevice;
let laptop: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  alice = await world.device('alice');
  phone = await world.device('bob');
  laptop = await world.device('bob');
});

async function aliceCalls(...callees: string[]): Promise<string> {
  const { call } = await world.calls.startCall(alice, { callees, media: offer });

  return call.id;
}

const endOf = (device: FakeDevice) => device.heard('incomingCallEnded').map(({ reason }) => reason);
const callEndOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);

describe('a call to somebody whose devices come and go', () => {
  it('rings on a device that connects while the others ring, and lets it answer', async () => {
    const callId = await aliceCalls('bob');
    const tablet = await world.device('bob');
    const namesake = await world.device('bob', { applicationId: 'other' });

    expect(tablet.heard('incomingCall')).toEqual(phone.heard('incomingCall'));
    expect(namesake.told).toEqual([]);
    expect(await codeOf(world.calls.acceptCall(tablet, callId, offer))).toBeUndefined();
    expect([endOf(phone), endOf(laptop)]).toEqual([['answered_elsewhere'], ['answered_elsewhere']]);
    expect((await world.device('bob')).told).toEqual([]);
  });

  it('survives that the page of the callee, the only one, is reloaded', async () => {
    world.drop(laptop);
    const callId = await aliceCalls('bob');
    world.drop(phone);
    world.clock.advance(4_999);
    const reloaded = await world.device('bob');
    world.clock.advance(5_000);

    expect(callEndOf(alice)).toEqual([]);
    expect(reloaded.heard('incomingCall')).toHaveLength(1);
    expect(await codeOf(world.calls.acceptCall(reloaded, callId, offer))).toBeUndefined();
    expect(world.clock.pending).toBe(0);
  });

  it('rings only on devices whose token lets them answer', async () => {
    const display = await world.device('bob', { scopes: ['rooms.join'] });
    const callId = await aliceCalls('bob');
    const lateDisplay = await world.device('bob', { scopes: ['rooms.join'] });
    expect([...display.told, ...lateDisplay.told]).toEqual([]);

    world.drop(phone);
    world.drop(laptop);
    world.clock.advance(5_000);
    expect(callEndOf(alice)).toEqual(['offline']);
    expect(await codeOf(aliceCalls('bob'))).toBe('callee_offline');
    expect(await codeOf(world.calls.acceptCall(display, callId, offer))).toBe('forbidden');
  });
});
