import type { types } from 'mediasoup';
import { expect, it } from 'vitest';
import { standardDataLimits } from './data/DataRate.ts';
import { ReceivingLimit } from './ReceivingLimit.ts';

/** Bytes from one look to the next, three seconds later. */
interface Traffic {
  readonly sent: number;
  readonly resent?: number;
  readonly received?: number;
}

/** How many looks it takes to find what goes on like this too much; Infinity when it never is. */
async function looksUntilExceeded(traffic: (look: number) => Traffic): Promise<number> {
  const limit = new ReceivingLimit(standardDataLimits);
  const stats = { timestamp: 1_000, rtpBytesSent: 0, rtxBytesSent: 0, bytesReceived: 0 };
  const transport = { getStats: async () => [{ ...stats }] } as unknown as types.Transport;
  await limit.isExceeded(transport);
  for (let look = 1; look <= 200; look += 1) {
    const { sent, resent = 0, received = 0 } = traffic(look);
    stats.timestamp += 3_000;
    stats.rtpBytesSent += sent;
    stats.rtxBytesSent += resent;
    stats.bytesReceived += received;
    if (await limit.isExceeded(transport)) {
      return look;
    }
  }

  return Infinity;
}

/** What is sent in three seconds at so many Mbit/s. */
const mbits = (rate: number): number => (3 * rate * 1_000_000) / 8;

/** Of so many packets in ten that are lost, each is sent again until it has come. */
const lossOf = (inTen: number): number => inTen / (10 - inTen);

it.each([1, 20, 100])(
  'an honest receiver of %d Mbit/s who loses three packets in ten stays',
  async (rate) => {
    const sent = mbits(rate);

    expect(await looksUntilExceeded(() => ({ sent, resent: lossOf(3) * sent, received: 0.06 * sent }))).toBe(
      Infinity,
    );
  },
);

it('an honest receiver who asks twice for each of half the packets stays on a small stream', async () => {
  expect(await looksUntilExceeded(() => ({ sent: mbits(1.5), resent: 2 * lossOf(5) * mbits(1.5) }))).toBe(
    Infinity,
  );
});

it('an honest receiver stays for whom all that is lost of one look is sent again in the next', async () => {
  const sent = mbits(50);

  expect(
    await looksUntilExceeded((look) =>
      look % 2 === 1 ? { sent, resent: 0 } : { sent: 0, resent: lossOf(3) * sent },
    ),
  ).toBe(Infinity);
});

it('hundreds of times as much sent again as for the first time is too much at the first look', async () => {
  expect(await looksUntilExceeded(() => ({ sent: mbits(2.6), resent: mbits(992) }))).toBe(1);
});

it('three times as much sent again is too much, and also every other look', async () => {
  const sent = mbits(5);

  expect(await looksUntilExceeded(() => ({ sent, resent: 3 * sent }))).toBeLessThan(5);
  expect(await looksUntilExceeded((look) => ({ sent, resent: look % 2 === 0 ? 6 * sent : 0 }))).toBeLessThan(
    10,
  );
});

it('more that comes than there can be to say of what is received is too much', async () => {
  expect(await looksUntilExceeded(() => ({ sent: mbits(2), received: mbits(1.5) }))).toBe(Infinity);
  expect(await looksUntilExceeded(() => ({ sent: mbits(2), received: mbits(5) }))).toBeLessThan(5);
});
