import { expect, it } from 'vitest';
import { LinkedList } from './LinkedList.ts';

function createList() {
  const list = new LinkedList<string>();
  const links = ['a', 'b', 'c', 'd'].map((item) => list.push(item));

  return { list, links };
}

it.each([
  { leaving: [0], left: ['b', 'c', 'd'] },
  { leaving: [3], left: ['a', 'b', 'c'] },
  { leaving: [1, 2], left: ['a', 'd'] },
  { leaving: [0, 3, 1], left: ['c'] },
  { leaving: [2, 0, 1, 3], left: [] },
])('keeps the order of those that stay when $leaving leave', ({ leaving, left }) => {
  const { list, links } = createList();
  for (const index of leaving) {
    const link = links[index];
    if (link !== undefined) {
      list.remove(link);
    }
  }
  expect([list.size, list.first, [...list]]).toEqual([left.length, left[0], left]);

  list.push('e');
  expect([...list]).toEqual([...left, 'e']);
});

it('goes on to the next when the one that is looked at leaves', () => {
  const { list, links } = createList();
  const seen: string[] = [];
  for (const item of list) {
    seen.push(item);
    const link = links.find((one) => one.item === item);
    if (link !== undefined) {
      list.remove(link);
    }
  }

  expect([seen, list.size, list.first]).toEqual([['a', 'b', 'c', 'd'], 0, undefined]);
});
