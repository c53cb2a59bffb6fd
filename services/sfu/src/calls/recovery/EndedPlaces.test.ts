import { describe, expect, it } from 'vitest';
import { createCallWorld } from '../../../test/support/callWorld.ts';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { isHeld } from '../../../test/support/isHeld.ts';
import { Participant } from '../participants/Participant.ts';
import { EndedPlaces } from './EndedPlaces.ts';

function createPlaces() {
  const clock = new FakeClock();
  const ended = new EndedPlaces(clock);
  /** Answers the token of the place that ended. */
  const end = (callId: string, userId: string): string => {
    const participant = new Participant(userId, 'collaborator', {
      userId,
      displayName: userId,
      kind: 'user',
    });
    ended.remember(callId, participant, 'hangup');

    return participant.resumeTokens.present;
  };
  const reasonFor = (callId: string, userId: string, token: string) => ended.reasonFor(callId, userId, token);

  return { clock, ended, end, reasonFor };
}

describe('a place that has ended', () => {
  it('is forgotten after five minutes, though others of its call end all the time', () => {
    const { clock, ended, end, reasonFor } = createPlaces();
    const token = end('room', 'bob');
    for (let count = 0; count < 5; count += 1) {
      expect(reasonFor('room', 'bob', token)).toBe('hangup');
      clock.advance(60_000);
      end('room', 'carol');
    }

    expect(reasonFor('room', 'bob', token)).toBeUndefined();
    expect(ended.size).toBe(5);
  });

  it('is known by its tokens and its user alone', () => {
    const { end, reasonFor } = createPlaces();
    const token = end('room', 'bob');
    end('room', 'mallory');

    expect(reasonFor('room', 'bob', token)).toBe('hangup');
    expect(reasonFor('room', 'mallory', token)).toBeUndefined();
    expect(reasonFor('other', 'bob', token)).toBeUndefined();
  });

  it('is not forgotten for all who come and go in another call, of whom a thousand are remembered', () => {
    const { ended, end, reasonFor } = createPlaces();
    const token = end('quiet', 'bob');
    const [first = ''] = Array.from({ length: 10_000 }, (_, index) => end('busy', `guest-${index}`));

    expect(ended.size).toBe(1_001);
    expect(reasonFor('quiet', 'bob', token)).toBe('hangup');
    expect(reasonFor('busy', 'guest-0', first)).toBeUndefined();
  });

  it('is one of ten thousand that are remembered, the latest', () => {
    const { ended, end, reasonFor } = createPlaces();
    const first = end('call-0', 'bob');
    const [second = ''] = Array.from({ length: 10_000 }, (_, index) => end(`call-${index + 1}`, 'bob'));

    expect(ended.size).toBe(10_000);
    expect(reasonFor('call-0', 'bob', first)).toBeUndefined();
    expect(reasonFor('call-1', 'bob', second)).toBe('hangup');
  });
});

it('who has left a call that goes on is held by nobody, nor is what they were told', async () => {
  const world = await createCallWorld();
  await world.putRoom();
  const [alice, bob] = [await world.device('alice'), await world.device('bob')];
  await world.enterRoom(alice);
  const { call } = await world.enterRoom(bob);
  const left = new WeakRef(world.calls.participation(bob, call.id).participant);
  world.calls.leaveCall(bob, call.id);

  expect(await isHeld(left)).toBe(false);
});
