import { expect, it } from 'vitest';
import { Participant } from './Participant.ts';
import { Roster } from './Roster.ts';
import { UserIndex } from './UserIndex.ts';

function participantOf(userId: string, id = userId): Participant {
  return new Participant(id, 'collaborator', { userId, displayName: userId, kind: 'user' });
}

it('finds the participants of a user in their order, and forgets the user with the last of them', () => {
  const index = new UserIndex();
  const [phone, laptop] = [participantOf('alice', 'phone'), participantOf('alice', 'laptop')];
  index.add(phone);
  index.add(laptop);
  index.add(phone);
  index.add(participantOf('bob'));

  expect([index.of('alice'), index.of('carol'), index.size]).toEqual([[phone, laptop], [], 2]);
  index.delete(phone);
  expect(index.of('alice')).toEqual([laptop]);
  index.delete(laptop);
  expect([index.of('alice'), index.size]).toEqual([[], 1]);
});

it('the places of a user are found without a look at those of others', () => {
  const roster = new Roster();
  const others = Array.from({ length: 10 }, (_, index) => participantOf(`user-${index}`));
  others.forEach((other) => roster.add(other));
  const alice = participantOf('alice');
  roster.add(alice);
  others.forEach((other) =>
    Object.defineProperty(other, 'isPresent', {
      get: () => {
        throw new Error('The place of somebody else was looked at.');
      },
    }),
  );

  // She rings only: there is no place that a token was made for.
  expect(roster.presentOf('alice')).toEqual([]);
  expect(roster.ofUser('alice')).toBe(alice);
  roster.remove(alice);
  expect(roster.ofUser('alice')).toBeUndefined();
});
