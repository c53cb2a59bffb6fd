import { ProtocolError } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { joinRoom } from '../../test/support/lobbyRoom.ts';
import { standardCallLimits } from './callLimits.ts';
import { EntranceRate } from './EntranceRate.ts';

describe('the entrances of a call', () => {
  it('are twice the rate at once, then the rate', () => {
    const clock = new FakeClock();
    const rate = new EntranceRate(5, clock);
    for (let count = 0; count < 10; count += 1) {
      rate.require();
    }

    expect(() => rate.require()).toThrow(
      expect.objectContaining({ code: 'too_many_requests', retryAfterSeconds: 1 }),
    );
    clock.advance(200);
    rate.require();
  });

  it('are not used up by those who are not let in, before its lobby or its door', async () => {
    const world = await createCallWorld();
    await world.putRoom({ access: 'invite', lobby: true, roster: { chair: 'presenter', bob: 'attendee' } });
    const [chair, bob, stranger] = await Promise.all(
      ['chair', 'bob', 'stranger'].map((userId) => world.device(userId)),
    );
    const join = (device = stranger) =>
      codeOf(world.calls.joinRoom(device as NonNullable<typeof stranger>, { roomId: 'room', media: offer }));
    await join(chair);
    for (let count = 0; count < 3 * standardCallLimits.joinsPerSecond; count += 1) {
      expect(await join()).toBe('not_on_roster');
      expect(await join(chair)).toBe('invalid_state');
    }

    expect(await join(bob)).toBeUndefined();
  });

  it('are not used up by those who wait already, or find the lobby full', async () => {
    const world = await createCallWorld();
    await world.putRoom({ lobby: true, roster: { chair: 'presenter', second: 'presenter' } });
    const rest = () => world.clock.advance(10_000);
    const join = (device: FakeDevice) => codeOf(joinRoom(world, device));
    const [chair, second, waiting] = await Promise.all(
      ['chair', 'second', 'waiting'].map((userId) => world.device(userId)),
    );
    await world.enterRoom(chair as FakeDevice);
    await join(waiting as FakeDevice);
    for (let count = 1; count < standardCallLimits.waiting; count += 1) {
      rest();
      expect(await join(await world.device(`waiting-${count}`))).toBeUndefined();
    }
    rest();
    const late = await world.device('late');
    for (let count = 0; count < 3 * standardCallLimits.joinsPerSecond; count += 1) {
      expect(await join(waiting as FakeDevice)).toBe('invalid_state');
      expect(await join(late)).toBe('room_full');
    }

    expect(await join(second as FakeDevice)).toBeUndefined();
  });

  it('are not used up by devices whose user answers on another', async () => {
    const world = await createCallWorld();
    const [alice, phone, laptop, carol] = await Promise.all(
      ['alice', 'bob', 'bob', 'carol'].map((userId) => world.device(userId)),
    );
    const { call } = await world.calls.startCall(alice as FakeDevice, {
      callees: ['bob', 'carol'],
      media: offer,
    });
    const accept = (device?: FakeDevice) =>
      codeOf(world.calls.acceptCall(device as FakeDevice, call.id, offer));
    expect(await accept(phone)).toBeUndefined();
    for (let count = 0; count < 3 * standardCallLimits.joinsPerSecond; count += 1) {
      expect(await accept(laptop)).toBe('answered_elsewhere');
    }

    expect(await accept(carol)).toBeUndefined();
  });

  it('leave a callee ringing who would be one too many at once', async () => {
    const world = await createCallWorld();
    const [alice, bob] = await Promise.all(['alice', 'bob'].map((userId) => world.device(userId)));
    const { call } = await world.calls.startCall(alice as FakeDevice, { callees: ['bob'], media: offer });
    const accept = () => codeOf(world.calls.acceptCall(bob as FakeDevice, call.id, offer));
    const fail = async () => {
      world.media.failNext(new ProtocolError('unavailable'));

      return accept();
    };
    const codes = [];
    for (let count = 0; count < 2 * standardCallLimits.joinsPerSecond; count += 1) {
      codes.push(await fail());
    }
    expect(codes.at(-1)).toBe('too_many_requests');
    world.clock.advance(1_000);

    // What was to fail and was not begun is left for this one.
    expect(await accept()).toBe('unavailable');
    expect(await accept()).toBeUndefined();
  });
});
