import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { WeakSenders } from './WeakSenders.ts';

/** `look` has Alice send streams with these scores of their encodings, and looks after two seconds. */
function watching() {
  const clock = new FakeClock();
  const told: (readonly string[])[] = [];
  const weak = new WeakSenders(clock, (ids) => told.push(ids));
  const look = (times: number, ...streams: number[][]): void => {
    for (let looked = 0; looked < times; looked += 1) {
      clock.advance(2_000);
      weak.look([
        {
          id: 'alice',
          streams: streams.map((scores) => ({
            producer: { paused: false, score: scores.map((score) => ({ score })) },
          })),
        },
      ]);
    }
  };

  return { clock, told, weak, look };
}

describe('who sends badly', () => {
  it('is told after four seconds of it, and no more after eight seconds without', () => {
    const { told, look } = watching();

    look(2, [5]);
    expect(told).toEqual([]);
    look(2, [5]);
    expect(told).toEqual([['alice']]);
    look(4, [10]);
    expect(told).toEqual([['alice']]);
    look(1, [10]);

    expect(told).toEqual([['alice'], []]);
  });

  it('is not told of what comes and goes', () => {
    const { told, look } = watching();

    for (let time = 0; time < 10; time += 1) {
      look(2, [5]);
      look(1, [10]);
    }

    expect(told).toEqual([]);
  });

  it('is judged by the worst stream, and of a stream by its best encoding', () => {
    const { told, look } = watching();

    look(5, [0, 10, 4], [10]);
    expect(told).toEqual([]);
    look(5, [0, 6, 4], [10]);

    expect(told).toEqual([['alice']]);
  });

  it('is not who sends nothing, of their own accord, on hold or because it is lost', () => {
    const { told, weak, clock, look } = watching();
    const producer = { paused: true, score: [{ score: 3 }] };

    look(5, [0, 0]);
    for (let looked = 0; looked < 5; looked += 1) {
      clock.advance(2_000);
      weak.look([
        {
          id: 'bob',
          streams: [{ producer }, { producer: undefined }],
        },
      ]);
    }

    expect(told).toEqual([]);
  });

  it('is no more who stops sending', () => {
    const { told, look } = watching();
    look(5, [5]);

    look(6);

    expect(told).toEqual([['alice'], []]);
  });

  it('is forgotten with who leaves, and nothing is told of that', () => {
    const { told, weak, look } = watching();
    look(5, [5]);

    weak.forget('alice');
    look(3, [5]);

    expect(told).toEqual([['alice'], ['alice']]);
  });
});
