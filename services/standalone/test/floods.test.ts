import { expect, it } from 'vitest';
import { TestClient } from '../../sfu/test/support/TestClient.ts';
import { startTestPlatform } from '../e2e/support/platform.ts';

it('signaling refuses an address by the settings of the platform', async () => {
  await using platform = await startTestPlatform({
    PARLEY_ADDRESS_HANDSHAKES_PER_MINUTE: '1',
    PARLEY_TRUSTED_PROXIES: 'loopback',
  });
  const codes: unknown[] = [];
  for (const forwardedFor of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) {
    const refused = TestClient.connect(platform.url, 'garbage', { forwardedFor });
    codes.push(await refused.catch((error: { data?: { code: string } }) => error.data?.code));
  }

  expect(codes).toEqual(['unauthenticated', 'too_many_requests', 'unauthenticated']);
});
