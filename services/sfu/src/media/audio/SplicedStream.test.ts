import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SplicedStream } from './SplicedStream.ts';

const ssrc = 0xdecafbad;

interface Fields {
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload?: readonly number[];
}

function packet({ sequence, timestamp, payload = [1, 2, 3] }: Fields): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(111, 1);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(7, 8);

  return Buffer.concat([header, Buffer.from(payload)]);
}

function read(bytes: Buffer | undefined): {
  sequence: number;
  timestamp: number;
  contributingSource: number;
  marker: boolean;
  payload: number[];
} {
  if (bytes === undefined) {
    throw new Error('There is no packet.');
  }
  expect(bytes.readUInt32BE(8)).toBe(ssrc);
  expect(bytes[0]).toBe(0x81);

  return {
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    contributingSource: bytes.readUInt32BE(12),
    marker: ((bytes[1] ?? 0) & 0x80) !== 0,
    payload: [...bytes.subarray(16)],
  };
}

describe('a stream made of pieces', () => {
  it('counts on from piece to piece, at the time that has passed, and names each source', () => {
    const stream = new SplicedStream(ssrc, { sequence: 0xfffe, timestamp: 0xffff_ff00 });
    stream.begin(packet({ sequence: 500, timestamp: 9_000 }), 11, 1_000);
    const first = read(stream.rewrite(packet({ sequence: 500, timestamp: 9_000, payload: [5, 6] })));
    const second = read(stream.rewrite(packet({ sequence: 501, timestamp: 9_960 })));
    stream.begin(packet({ sequence: 7, timestamp: 77 }), 22, 1_520);
    const third = read(stream.rewrite(packet({ sequence: 7, timestamp: 77 })));

    expect(first).toMatchObject({ sequence: 0xffff, marker: true, contributingSource: 11, payload: [5, 6] });
    expect(second).toMatchObject({ sequence: 0, marker: false, contributingSource: 11 });
    expect((second.timestamp - first.timestamp) >>> 0).toBe(960);
    expect(third).toMatchObject({ sequence: 1, marker: true, contributingSource: 22 });
    expect((third.timestamp - 0xffff_ff00) >>> 0).toBe(960 + 520 * 48 - 960);
  });

  it('never goes back, when the next piece began before the last one ended', () => {
    const stream = new SplicedStream(ssrc, { sequence: 0, timestamp: 0 });
    stream.begin(packet({ sequence: 0, timestamp: 0 }), 1, 0);
    const last = [0, 1, 2, 3].map((n) =>
      read(stream.rewrite(packet({ sequence: n, timestamp: n * 960 }))),
    )[3];
    stream.begin(packet({ sequence: 90, timestamp: 4_000_000_000 }), 2, 20);
    const next = read(stream.rewrite(packet({ sequence: 90, timestamp: 4_000_000_000 })));

    expect(next.timestamp - (last?.timestamp ?? 0)).toBe(960);
    expect(next.sequence - (last?.sequence ?? 0)).toBe(1);
  });

  it('keeps losses and disorder inside a piece, and leaves out what is older than it', () => {
    const stream = new SplicedStream(ssrc, { sequence: 9, timestamp: 0 });
    stream.begin(packet({ sequence: 65_535, timestamp: 0 }), 1, 0);

    expect(read(stream.rewrite(packet({ sequence: 65_535, timestamp: 0 }))).sequence).toBe(10);
    expect(read(stream.rewrite(packet({ sequence: 3, timestamp: 3_840 }))).sequence).toBe(14);
    expect(read(stream.rewrite(packet({ sequence: 1, timestamp: 1_920 }))).sequence).toBe(12);
    expect(stream.rewrite(packet({ sequence: 65_534, timestamp: -960 }))).toBeUndefined();
  });

  it('passes on every packet of somebody who speaks for half an hour', () => {
    const stream = new SplicedStream(ssrc, { sequence: 0, timestamp: 0 });
    const sent = packet({ sequence: 0, timestamp: 0 });
    stream.begin(sent, 1, 0);
    let misplaced = 0;
    for (let count = 0; count < 90_000; count += 1) {
      sent.writeUInt16BE(count & 0xffff, 2);
      misplaced += stream.rewrite(sent)?.readUInt16BE(2) === ((count + 1) & 0xffff) ? 0 : 1;
    }

    expect(misplaced).toBe(0);
  });

  it('takes out the contributing sources that a packet had before, and puts in its own', () => {
    const stream = new SplicedStream(ssrc, { sequence: 0, timestamp: 0 });
    const plain = packet({ sequence: 1, timestamp: 1, payload: [9] });
    const mixed = Buffer.concat([plain.subarray(0, 12), Buffer.alloc(8, 0xee), plain.subarray(12)]);
    mixed[0] = 0x82;
    stream.begin(mixed, 33, 0);

    expect(read(stream.rewrite(mixed))).toMatchObject({ contributingSource: 33, payload: [9] });
    expect(stream.rewrite(mixed.subarray(0, 15))).toBeUndefined();
  });

  it('is continuous whatever the pieces counted', () => {
    const piece = fc.record({
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffff_ffff),
      length: fc.integer({ min: 1, max: 40 }),
      pauseMs: fc.nat(5_000),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 20 }), (pieces) => {
        const stream = new SplicedStream(ssrc, { sequence: 0, timestamp: 0xffff_0000 });
        let nowMs = 5_000;
        const made: { sequence: number; timestamp: number }[] = [];
        for (const [source, { sequence, timestamp, length, pauseMs }] of pieces.entries()) {
          nowMs += pauseMs;
          for (let count = 0; count < length; count += 1) {
            const sent = packet({ sequence: sequence + count, timestamp: timestamp + count * 960 });
            if (count === 0) {
              stream.begin(sent, source, nowMs);
            }
            made.push(read(stream.rewrite(sent)));
            nowMs += 20;
          }
        }
        const steps = made.slice(1).map((after, index) => ({
          sequence: (after.sequence - (made[index]?.sequence ?? 0)) & 0xffff,
          timestamp: (after.timestamp - (made[index]?.timestamp ?? 0)) >>> 0,
        }));

        expect(steps.every((step) => step.sequence === 1)).toBe(true);
        expect(steps.every((step) => step.timestamp >= 960 && step.timestamp < 48 * 6_000)).toBe(true);
      }),
    );
  });
});
