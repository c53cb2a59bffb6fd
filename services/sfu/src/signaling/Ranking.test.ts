import { expect, it } from 'vitest';
import { Ranking, type Rank } from './Ranking.ts';

function createRanking() {
  const ranking = new Ranking<string>();
  const ranks = new Map<string, Rank<string> | undefined>();
  const place = (item: string, count: number): string | undefined => {
    ranks.set(item, ranking.place(item, count, ranks.get(item)));

    return ranking.first;
  };

  return { place };
}

it('has the one first that has the most, as each gets more and less', () => {
  const { place } = createRanking();

  expect([place('a', 1), place('b', 1), place('b', 2), place('a', 2)]).toEqual(['a', 'a', 'b', 'b']);
  expect([place('a', 3), place('a', 2), place('b', 1), place('a', 1)]).toEqual(['a', 'b', 'a', 'b']);
  expect([place('b', 0), place('a', 0), place('c', 1)]).toEqual(['a', undefined, 'c']);
});

it('has none first that has left from above those that have less by far', () => {
  const { place } = createRanking();
  place('a', 1);
  [1, 2, 3, 4, 5].forEach((count) => place('b', count));

  expect([4, 3, 2, 1].map((count) => place('b', count))).toEqual(['b', 'b', 'b', 'a']);
});
