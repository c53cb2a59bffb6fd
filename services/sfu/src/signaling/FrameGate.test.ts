import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { FrameGate } from './FrameGate.ts';
import { standardRequestCosts } from './requestCosts.ts';
import { createUserBuckets, RequestRate } from './RequestRate.ts';

const requestBytes = 64 * 1024;

function createGate(perSecond = 50) {
  const clock = new FakeClock();
  let deaf = 0;
  const written: string[] = [];
  const carrier = Object.assign(new EventEmitter(), { write: (data: string) => written.push(data) });
  const rate = new RequestRate({
    perSecond,
    user: 'alice',
    userBuckets: createUserBuckets(clock),
    costs: standardRequestCosts,
    clock,
    onDeaf: () => (deaf += 1),
  });
  FrameGate.watch({ carrier, rate, requestBytes, pending: () => 0 });
  const lets = (data?: string | Buffer, type = 'message'): boolean => {
    const packet = { type, data };
    carrier.emit('packet', packet);

    return packet.type !== 'noop';
  };

  return { lets, written, deaf: () => deaf };
}

/** An event whose request has that many bytes of JSON. */
const event = (bytes: number, id: number | string = 7) => `2${id}["request",${'x'.repeat(bytes)}]`;

it('lets a request of 64 KiB through, and answers a larger one without its being parsed', () => {
  const { lets, written } = createGate();

  expect(lets(event(requestBytes))).toBe(true);
  expect(written).toEqual([]);
  expect(lets(event(requestBytes + 1, 12))).toBe(false);
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^312\[\{"ok":false,"error":\{"code":"payload_too_large"/);
});

it('takes out of the buckets what a frame has in size, and then answers too_many_requests unparsed', () => {
  const { lets, written, deaf } = createGate();
  // Of 200 units each of these takes 61.
  const codes = Array.from({ length: 5 }, () => {
    lets(event(250_000));

    return /"code":"(\w+)"/.exec(written.at(-1) ?? '')?.[1];
  });

  const [tooLarge, tooMany] = ['payload_too_large', 'too_many_requests'];
  expect(codes).toEqual([tooLarge, tooLarge, tooLarge, tooMany, tooMany]);
  expect(deaf()).toBe(0);
});

it('ends the connection that goes on sending large frames, after some of them', () => {
  const { lets, deaf } = createGate();
  let frames = 0;
  while (deaf() === 0 && frames < 1_000) {
    lets(event(250_000));
    frames += 1;
  }

  expect(frames).toBe(20);
});

it('lets small requests through as often as the rate says, and counts a frame of 8 KiB as one of them', () => {
  const { lets } = createGate(10);
  const passed = Array.from({ length: 41 }, () => lets(event(8_000)));

  expect(passed).toEqual([...(Array(40).fill(true) as boolean[]), false]);
});

it('ends the connection when a frame that is no event is large, and does not let it through', () => {
  const { lets, deaf } = createGate();

  expect([lets(undefined, 'pong'), lets('1'), deaf()]).toEqual([true, true, 0]);
  expect([lets(`3${'x'.repeat(9_000)}`), deaf()]).toEqual([false, 1]);
});

it('counts the bytes of what is not ASCII, and not its characters', () => {
  const { lets } = createGate();

  expect(lets(event(0).replace(',', `,${'€'.repeat(requestBytes / 2)}`))).toBe(false);
});
