import { expect, it } from 'vitest';
import { redirectTarget } from './redirectTarget.ts';

it.each([
  ['https://two.example', 'https://one.example', 'https://two.example'],
  ['wss://two.example/sfu/', 'https://one.example', 'https://two.example/sfu'],
  ['ws://10.0.0.2:3000', 'http://10.0.0.1:3000', 'http://10.0.0.2:3000'],
])('a redirect to %s from %s leads to %s', (url, from, target) => {
  expect(redirectTarget(url, from)).toBe(target);
});

it.each([
  ['http://two.example', 'https://one.example'],
  ['ws://two.example', 'https://one.example'],
  ['data:text/html,hello', 'http://one.example'],
  ['', 'https://one.example'],
])('a redirect to "%s" from %s is not followed', (url, from) => {
  expect(() => redirectTarget(url, from)).toThrow(expect.objectContaining({ code: 'internal' }));
});
