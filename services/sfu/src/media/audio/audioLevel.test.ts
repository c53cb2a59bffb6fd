import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAudioLevel } from './audioLevel.ts';

function packet(profile: number, elements: readonly number[], contributingSources = 0): Buffer {
  const words = Math.ceil(elements.length / 4);
  const bytes = Buffer.alloc(12 + 4 * contributingSources + 4 + 4 * words + 10, 0);
  bytes[0] = 0x90 | contributingSources;
  bytes.writeUInt16BE(profile, 12 + 4 * contributingSources);
  bytes.writeUInt16BE(words, 14 + 4 * contributingSources);
  bytes.set(elements, 16 + 4 * contributingSources);

  return bytes;
}

describe('the level of a packet', () => {
  it.each([
    ['behind another element and padding', packet(0xbede, [0x41, 9, 9, 0, 0x60, 0x80 | 42])],
    ['with elements that have a header of two bytes', packet(0x1000, [4, 2, 9, 9, 0, 6, 1, 42])],
    ['behind contributing sources', packet(0xbede, [0x60, 42], 2)],
  ])('is found %s', (_where, bytes) => {
    expect(readAudioLevel(bytes, 6)).toBe(42);
  });

  it.each([
    ['has no extensions', Buffer.from([0x80, 111, ...Array.from({ length: 20 }, () => 0x60)])],
    ['has another extension only', packet(0xbede, [0x41, 9, 9])],
    ['ends its elements before it', packet(0xbede, [0xf0, 0x60, 42, 0])],
    ['has elements of an unknown kind', packet(0x2000, [0x60, 42])],
    ['is cut off', packet(0xbede, [0x41, 9, 9, 0x60]).subarray(0, 20)],
  ])('is undefined when the packet %s', (_how, bytes) => {
    expect(readAudioLevel(bytes, 6)).toBeUndefined();
  });

  it('is a level or undefined, and found in bounded time, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const level = readAudioLevel(Buffer.from(bytes), 6);

        expect(level === undefined || (level >= 0 && level <= 127)).toBe(true);
      }),
    );
  });
});
