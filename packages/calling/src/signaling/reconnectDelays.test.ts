import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const attempts = [2, 3, 4, 5, 6, 7, 8];
const random = vi.spyOn(Math, 'random');

/** Made anew, with what chance gives from then on. */
async function delaysWith(chance: number) {
  random.mockReturnValue(chance);
  const { untilConnected, untilGivenUp } = await import('./reconnectDelays.ts');

  return { connected: attempts.map(untilConnected), givenUp: attempts.map(untilGivenUp) };
}

beforeEach(() => vi.resetModules());
afterEach(() => random.mockReset());

it('the tries come after 0, 300, 1200, 2700, 4800 and 7000 ms, those for a connection go on', async () => {
  expect(await delaysWith(0)).toEqual({
    connected: [300, 1_200, 2_700, 4_800, 7_000, 7_000, 7_000],
    givenUp: [300, 1_200, 2_700, 4_800, 7_000, undefined, undefined],
  });
});

it('of each delay chance takes up to a half away, so that many clients do not come back together', async () => {
  expect(await delaysWith(1)).toEqual({
    connected: [150, 600, 1_350, 2_400, 3_500, 3_500, 3_500],
    givenUp: [150, 600, 1_350, 2_400, 3_500, undefined, undefined],
  });
});
