import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './avatarText.ts';

describe('initialsOf', () => {
  it.each([
    ['Alice', 'A'],
    ['ada lovelace', 'AL'],
    ['  Juan Carlos de la Cruz ', 'JC'],
    ['👩‍🚀 Sally', '👩‍🚀S'],
    ['محمد علي', 'مع'],
    ['', ''],
  ])('makes of "%s" the initials "%s"', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('hueOf', () => {
  it('gives a name the same hue every time, and other names others', () => {
    expect(hueOf('Alice')).toBe(hueOf(' alice'));
    expect(new Set(['Alice', 'Bob', 'Carol', 'Dave'].map(hueOf)).size).toBe(4);
  });
});
