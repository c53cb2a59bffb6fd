import { expect, it } from 'vitest';

it('can be imported where there is no browser', async () => {
  expect(typeof window).toBe('undefined');
  expect(typeof document).toBe('undefined');

  await expect(import('./index.ts')).resolves.toHaveProperty('CallClientFactory');
});
