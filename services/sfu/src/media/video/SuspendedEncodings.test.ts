import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { SuspendedEncodings } from './SuspendedEncodings.ts';

const anna = {};
const ben = {};

let clock: FakeClock;
let told: (readonly boolean[])[];
let encodings: SuspendedEncodings;

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  encodings = new SuspendedEncodings({ encodings: 3, clock, onWanted: (wanted) => told.push(wanted) });
});

describe('an encoding that is expected to be wanted', () => {
  beforeEach(() => {
    clock.advance(2_000);
  });

  it('is sent at once, and goes on when it is wanted', () => {
    encodings.expect(1);
    clock.advance(1_999);
    encodings.want(anna, 1);
    clock.advance(10_000);

    expect(told).toEqual([
      [false, false, false],
      [true, true, false],
    ]);
  });

  it('is given up after two seconds when nobody wants it', () => {
    encodings.expect(2);
    encodings.expect(0);
    clock.advance(1_999);
    expect(encodings.suspended).toBe(0);
    clock.advance(1);

    expect(encodings.suspended).toBe(3);
  });

  it('is not given up just then, because whoever had it looked away two seconds ago', () => {
    encodings.want(anna, 2);
    told.length = 0;
    clock.advance(5_000);
    encodings.want(anna, undefined);
    clock.advance(1_900);
    encodings.expect(2);
    clock.advance(1_999);
    encodings.want(ben, 2);

    expect(told).toEqual([]);
  });

  it('is all that is left of larger ones that are given up meanwhile', () => {
    encodings.want(anna, 2);
    clock.advance(5_000);
    encodings.want(anna, undefined);
    clock.advance(1_900);
    encodings.expect(0);
    clock.advance(100);
    expect(told.at(-1)).toEqual([true, false, false]);
    clock.advance(4_000);

    expect(told.at(-1)).toEqual([false, false, false]);
  });
});

describe('an encoding that nobody wants', () => {
  it('is given up after two seconds, with those above it', () => {
    encodings.want(anna, 2);
    clock.advance(5_000);
    encodings.want(anna, 0);
    clock.advance(1_999);
    expect(told).toEqual([]);

    clock.advance(1);
    expect(told).toEqual([[true, false, false]]);
    expect(encodings.suspended).toBe(2);
  });

  it('is all of them when nobody receives the stream', () => {
    encodings.want(anna, 1);
    clock.advance(2_000);
    encodings.want(anna, undefined);
    clock.advance(2_000);

    expect(told).toEqual([
      [true, true, false],
      [false, false, false],
    ]);
  });

  it('stays as long as somebody else wants it', () => {
    encodings.want(anna, 2);
    encodings.want(ben, 2);
    encodings.want(anna, undefined);
    clock.advance(10_000);

    expect(told).toEqual([]);
  });

  it('is not given up in the first two seconds of the stream, nor by who looks away for a moment', () => {
    clock.advance(1_000);
    encodings.want(anna, 2);
    clock.advance(5_000);
    encodings.want(anna, undefined);
    clock.advance(1_500);
    encodings.want(anna, 2);
    clock.advance(10_000);

    expect(told).toEqual([]);
  });

  it('is wanted again at once', () => {
    clock.advance(2_000);
    expect(told).toEqual([[false, false, false]]);
    encodings.want(anna, 1);

    expect(told.at(-1)).toEqual([true, true, false]);
    encodings.want(ben, 2);
    expect(told.at(-1)).toEqual([true, true, true]);
  });
});

it('in the end the sender knows what is wanted, and never lacked something that was, or was expected to be', () => {
  const step = fc.record({
    isExpected: fc.boolean(),
    receiver: fc.nat(3),
    encoding: fc.option(fc.nat(2), { nil: undefined }),
    passMs: fc.nat(3_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const time = new FakeClock();
      const receivers = [{}, {}, {}, {}];
      const wants = new Map<number, number | undefined>();
      const expectedUntilMs = [0, 0, 0];
      let sent = [true, true, true];
      const subject = new SuspendedEncodings({
        encodings: 3,
        clock: time,
        onWanted(wanted) {
          sent = [...wanted];
          expect(sent.lastIndexOf(true)).toBeGreaterThanOrEqual(needed());
        },
      });
      const highest = (): number => Math.max(-1, ...[...wants.values()].map((want) => want ?? -1));
      const needed = (): number =>
        Math.max(
          highest(),
          expectedUntilMs.findLastIndex((untilMs) => time.now() < untilMs),
        );
      for (const { isExpected, receiver, encoding, passMs } of steps) {
        if (isExpected && encoding !== undefined) {
          expectedUntilMs[encoding] = time.now() + 2_000;
          subject.expect(encoding);
        } else {
          wants.set(receiver, encoding);
          subject.want(receivers[receiver] ?? {}, encoding);
        }
        expect(sent.lastIndexOf(true)).toBeGreaterThanOrEqual(needed());
        time.advance(passMs);
      }
      time.advance(4_000);

      expect(sent.lastIndexOf(true)).toBe(highest());
      subject.close();
      expect(time.pending).toBe(0);
    }),
  );
});
