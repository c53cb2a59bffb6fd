import { expect, it } from 'vitest';
import { doorOf } from './doorOf.ts';

it.each([
  ['/join', '#abc', { kind: 'guest', code: 'abc' }],
  ['/join/', '#abc', { kind: 'guest', code: 'abc' }],
  ['/join', '', { kind: 'signIn' }],
  ['/', '#abc', { kind: 'signIn' }],
])('%s%s leads to the right door', (pathname, hash, door) => {
  expect(doorOf({ pathname, hash })).toEqual(door);
});
