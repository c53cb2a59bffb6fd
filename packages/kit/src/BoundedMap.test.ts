import { expect, it } from 'vitest';
import { BoundedMap } from './BoundedMap.ts';

it('forgets beyond so many the value that was set longest ago, however often it was read', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3);
  map.get('b');
  map.set('c', 4);

  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

it('forgets in the order of setting also when its keys come and go by themselves', () => {
  const map = new BoundedMap<string, number>(3);
  map.set('a', 1).set('b', 2).set('c', 3);
  expect([map.delete('a'), map.delete('a'), map.size, map.oldest]).toEqual([true, false, 2, ['b', 2]]);

  map.set('a', 4).set('b', 5);
  expect([map.size, map.oldest]).toEqual([3, ['c', 3]]);
  map.set('d', 6);
  expect([map.get('a'), map.get('b'), map.get('c'), map.get('d')]).toEqual([4, 5, undefined, 6]);
  expect([...map].map(([key]) => key)).toEqual(['a', 'b', 'd']);
});

it('remembers nothing of what was set before under a key, its place neither', () => {
  const map = new BoundedMap<string, number>(2);
  for (let count = 0; count < 100; count += 1) {
    map.set('a', count).set('b', count);
  }
  map.delete('b');

  expect([map.size, [...map], map.oldest]).toEqual([1, [['a', 99]], ['a', 99]]);
});
