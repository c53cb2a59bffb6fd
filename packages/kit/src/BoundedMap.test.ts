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
