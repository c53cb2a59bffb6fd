import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let phone: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  alice = await world.device('alice');
  phone = await world.device('bob');
});

async function aliceCalls(...callees: string[]): Promise<string> {
  const { call } = await world.calls.startCall(alice, { callees, media: offer });

  return call.id;
}

const endOf = (device: FakeDevice) => device.heard('incomingCallEnded').map(({ reason }) => reason);

describe('startCall', () => {
  it('is refused when nobody can be rung, with the first of not found, offline and busy', async () => {
    await world.putApplication({ callSettings: { whenBusy: 'refuse' } });
    const carol = await world.device('carol');
    const dave = await world.device('dave');
    world.drop(dave);
    await world.calls.acceptCall(phone, await aliceCalls('bob'), offer);
    const call = (...callees: string[]) => codeOf(world.calls.startCall(carol, { callees, media: offer }));

    expect(await call('bob')).toBe('callee_busy');
    expect(await call('bob', 'dave')).toBe('callee_offline');
    expect(await call('bob', 'dave', 'nobody')).toBe('callee_not_found');
    expect(carol.told).toEqual([]);
  });

  it('is refused to one who calls themselves', async () => {
    expect(await codeOf(aliceCalls('alice'))).toBe('invalid_request');
    expect(await codeOf(aliceCalls('bob', 'alice'))).toBe('invalid_request');
  });

  it('needs the scope of calls', async () => {
    const guest = await world.device('visitor', { scopes: ['calls.join', 'rooms.join'] });

    expect(await codeOf(world.calls.startCall(guest, { callees: ['bob'], media: offer }))).toBe('forbidden');
    expect(phone.told).toEqual([]);
  });

  it('rings for a caller who is gone before their media is there, as long as they may come back', async () => {
    const proceed = world.media.holdParticipants();
    const starting = aliceCalls('bob');
    await Promise.resolve();
    world.drop(alice);
    proceed();
    const callId = await starting;

    expect(phone.heard('incomingCall')).toMatchObject([{ callId }]);
    world.clock.advance(30_000);
    expect(endOf(phone)).toEqual(['canceled']);
    expect(world.media.open).toBe(0);
  });
});
