import { describe, expect, it } from 'vitest';
import { CommunicationUserCredential } from './CommunicationUserCredential.ts';

const tokenExpiringIn = (seconds: number): string =>
  `h.${btoa(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + seconds }))}.s`;

describe('CommunicationUserCredential', () => {
  it('of a string gives that string', async () => {
    await expect(new CommunicationUserCredential('a token').getToken()).resolves.toBe('a token');
  });

  it('of a callback asks it once for all who wait', async () => {
    let asked = 0;
    const credential = new CommunicationUserCredential(async () => `token ${(asked += 1)}`);

    await expect(Promise.all([credential.getToken(), credential.getToken()])).resolves.toEqual([
      'token 1',
      'token 1',
    ]);
    await expect(credential.getToken()).resolves.toBe('token 1');
  });

  it('does not ask the callback while the initial token is good', async () => {
    const initial = tokenExpiringIn(3600);
    const credential = new CommunicationUserCredential(() => 'another', initial);

    await expect(credential.getToken()).resolves.toBe(initial);
  });

  it('refuses an initial token that is none at once', () => {
    for (const wrong of ['', 42, null, {}]) {
      expect(() => new CommunicationUserCredential(() => 'another', wrong as string)).toThrow(TypeError);
    }
    expect(() => new CommunicationUserCredential(() => 'another', undefined)).not.toThrow();
  });

  it('asks the callback when the token is about to expire, or was refused', async () => {
    const credential = new CommunicationUserCredential(() => 'another', tokenExpiringIn(10));
    await expect(credential.getToken()).resolves.toBe('another');

    const refused = new CommunicationUserCredential(() => 'another', 'opaque');
    refused.discard('opaque');
    await expect(refused.getToken()).resolves.toBe('another');
  });

  it('gives another than the one that is to be renewed, and one that came meanwhile without asking', async () => {
    let asked = 0;
    const credential = new CommunicationUserCredential(() => `token ${(asked += 1)}`, 'the first');

    await expect(
      Promise.all([credential.renew('the first'), credential.renew('the first')]),
    ).resolves.toEqual(['token 1', 'token 1']);
    await expect(credential.renew('the first')).resolves.toBe('token 1');
    expect(asked).toBe(1);
  });

  it('keeps the token that cannot be renewed', async () => {
    const credential = new CommunicationUserCredential(() => '', 'the first');

    await expect(credential.renew('the first')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(credential.getToken()).resolves.toBe('the first');
  });

  it('says so when the callback fails or gives nothing, and asks again the next time', async () => {
    let answer: () => string = () => {
      throw new Error('the backend is down');
    };
    const credential = new CommunicationUserCredential(() => answer());

    await expect(credential.getToken()).rejects.toMatchObject({ code: 'unauthenticated' });
    answer = () => ({ token: 'a token' }) as never;
    await expect(credential.getToken()).rejects.toThrow('the token itself, as a string');
    answer = () => '';
    await expect(credential.getToken()).rejects.toMatchObject({ code: 'unauthenticated' });
    answer = () => 'a token';
    await expect(credential.getToken()).resolves.toBe('a token');
  });

  it("passes on the callback's own error, without the token that it quotes", async () => {
    const own = new TypeError('the backend is down');
    const failing = new CommunicationUserCredential(() => {
      throw own;
    });
    const quoting = new CommunicationUserCredential(() => {
      throw new Error('401 for eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.c2ln, again');
    });

    await expect(failing.getToken()).rejects.toHaveProperty('cause', own);
    await expect(quoting.getToken()).rejects.toHaveProperty('cause', new Error('401 for [redacted], again'));
  });

  it('rejects anything but a token or a callback with a TypeError', () => {
    for (const wrong of ['', undefined, 7, {}]) {
      expect(() => new CommunicationUserCredential(wrong as string)).toThrow(TypeError);
    }
    for (const wrong of ['', null, 7, {}]) {
      expect(() => new CommunicationUserCredential(() => 'a token', wrong as string)).toThrow(TypeError);
    }
  });
});
