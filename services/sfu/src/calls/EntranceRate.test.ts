import { describe, expect, it } from 'vitest';
import { codeOf, createCallWorld } from '../../test/support/callWorld.ts';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { offer } from '../../test/support/FakeMedia.ts';
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
});
