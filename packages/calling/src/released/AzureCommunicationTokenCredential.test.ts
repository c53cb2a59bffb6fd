import { describe, expect, it, vi } from 'vitest';
import { AzureCommunicationTokenCredential } from './AzureCommunicationTokenCredential.ts';

describe('AzureCommunicationTokenCredential', () => {
  it('asks its refresher once for all who wait, and not while the token it began with is good', async () => {
    const tokenRefresher = vi.fn<() => Promise<string>>(async () => 'fetched');
    const credential = new AzureCommunicationTokenCredential({ tokenRefresher, token: 'initial' });
    expect(await credential.getToken()).toBe('initial');
    credential.discard('initial');

    expect(await Promise.all([credential.getToken(), credential.getToken()])).toEqual(['fetched', 'fetched']);
    expect(tokenRefresher).toHaveBeenCalledTimes(1);
  });

  it('tells its refresher when it is disposed, and does not ask it again', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const credential = new AzureCommunicationTokenCredential({
      tokenRefresher: async (signal) => {
        signals.push(signal);

        return `token ${signals.length}`;
      },
    });
    expect(await credential.getToken()).toBe('token 1');
    credential.dispose();
    credential.dispose();
    credential.discard('token 1');

    expect(signals[0]?.aborted).toBe(true);
    await expect(credential.getToken()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(signals).toHaveLength(1);
  });

  it('is refused anything but a token or a refresher with a TypeError', () => {
    for (const wrong of ['', undefined, null, {}, { token: 'a token' }, { tokenRefresher: 'a token' }]) {
      expect(() => new AzureCommunicationTokenCredential(wrong as never)).toThrow(TypeError);
    }
  });
});
