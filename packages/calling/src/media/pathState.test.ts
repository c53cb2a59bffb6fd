import { describe, expect, it } from 'vitest';
import { followPath, pathStateOf, type PathState } from './pathState.ts';

describe('the path of a session', () => {
  it.each([
    ['new', 'new', undefined],
    ['connecting', 'new', undefined],
    ['connected', 'new', 'connected'],
    ['connected', 'connecting', undefined],
    ['connected', 'connected', 'connected'],
    ['connected', 'disconnected', 'disconnected'],
    ['disconnected', 'failed', 'failed'],
  ] as const)('with one transport %s and the other %s is %s', (send, receive, path) => {
    expect(pathStateOf([send, receive])).toBe(path);
    expect(pathStateOf([receive, send])).toBe(path);
  });

  it('is told when it has changed, and not for each transport', () => {
    const told: PathState[] = [];
    const follow = followPath(2, (state) => told.push(state));

    follow(0, 'connecting');
    follow(1, 'connecting');
    follow(0, 'connected');
    follow(1, 'connected');
    follow(0, 'disconnected');
    follow(1, 'disconnected');
    follow(0, 'connecting');
    follow(0, 'connected');
    follow(1, 'connected');

    expect(told).toEqual(['connected', 'disconnected', 'connected']);
  });
});
