import { ProtocolError } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { generateSigningJwk, loadSigningKey, type SigningKey } from './keys.ts';
import { signIdToken, signSessionToken, type SessionGrant } from './sign.ts';
import { createSessionVerifier } from './verify.ts';

const issuer = 'http://localhost:8080';
const grant: SessionGrant = {
  applicationId: 'app1',
  identity: { userId: 'alice', displayName: 'Alice', kind: 'user' },
  scopes: ['calls'],
  expiresInSeconds: 3600,
};

const newKey = async (): Promise<SigningKey> => loadSigningKey(await generateSigningJwk());
const verifierOf = (keys: SigningKey[], expectedIssuer = issuer) =>
  createSessionVerifier({ issuer: expectedIssuer, publicKeys: async () => keys.map((key) => key.publicJwk) });

async function codeOf(verification: Promise<unknown>): Promise<string> {
  const error = await verification.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

  return error instanceof ProtocolError ? error.code : `not a ProtocolError: ${String(error)}`;
}

describe('session tokens', () => {
  it('carry identity, scopes and a guest room through signing and verification', async () => {
    const key = await newKey();
    const guest: SessionGrant = {
      ...grant,
      identity: { userId: 'guest-1', displayName: 'Visitor', kind: 'guest' },
      scopes: ['rooms.join'],
      guestOf: { roomId: 'room1', role: 'attendee' },
    };

    const { token, expiresAt } = await signSessionToken(guest, { issuer, key });
    const claims = await verifierOf([key])(token);

    expect(claims).toMatchObject({
      applicationId: 'app1',
      identity: guest.identity,
      scopes: ['rooms.join'],
      guestOf: { roomId: 'room1', role: 'attendee' },
      expiresAtMs: expiresAt.getTime(),
    });
  });

  it.each(['\ud800', 'A\u0000'])(
    'are refused with a name that no database can keep (%j)',
    async (displayName) => {
      const key = await newKey();
      const identity = { ...grant.identity, displayName };
      const { token } = await signSessionToken({ ...grant, identity }, { issuer, key });

      expect(await codeOf(verifierOf([key])(token))).toBe('unauthenticated');
    },
  );

  it('are verified with any key of the set, so that a key can be rotated', async () => {
    const [retiring, next] = [await newKey(), await newKey()];
    const { token } = await signSessionToken(grant, { issuer, key: retiring });

    await expect(verifierOf([next, retiring])(token)).resolves.toMatchObject({ applicationId: 'app1' });
  });

  it('ask for the key they name, and a set that is answered again is not read again', async () => {
    const key = await newKey();
    const { token } = await signSessionToken(grant, { issuer, key });
    const asked: (string | undefined)[] = [];
    let readings = 0;
    const publicJwk = Object.defineProperty({ ...key.publicJwk }, 'x', {
      enumerable: true,
      get: () => {
        readings += 1;

        return key.publicJwk['x'];
      },
    });
    const keys = [publicJwk];
    const verify = createSessionVerifier({
      issuer,
      publicKeys: async (kid) => {
        asked.push(kid);

        return keys;
      },
    });

    await verify(token);
    const readingsOfFirst = readings;
    await verify(token);
    await verify('garbage').catch(() => undefined);

    expect(asked).toEqual([key.kid, key.kid, undefined]);
    expect(readingsOfFirst).toBeGreaterThan(0);
    expect(readings).toBe(readingsOfFirst);
  });

  it('name what they came from, which is themselves when nothing else is said', async () => {
    const key = await newKey();
    const [own, given] = [
      await signSessionToken(grant, { issuer, key }),
      await signSessionToken({ ...grant, grantId: 'sign-in 1' }, { issuer, key }),
    ];

    const claims = await verifierOf([key])(own.token);

    expect(claims.grantId).toBe(claims.tokenId);
    expect((await verifierOf([key])(given.token)).grantId).toBe('sign-in 1');
  });

  it('are refused with token_expired after their time', async () => {
    const key = await newKey();
    const { token } = await signSessionToken(grant, { issuer, key, nowMs: Date.now() - 3_601_000 });

    expect(await codeOf(verifierOf([key])(token))).toBe('token_expired');
  });

  it('that have run out are answered to who asks for those too, and only genuine ones are', async () => {
    const [key, stranger] = [await newKey(), await newKey()];
    const nowMs = Date.now() - 3_601_000;
    const { token, expiresAt } = await signSessionToken(grant, { issuer, key, nowMs });
    const options = { expiredToo: true };

    expect(await verifierOf([key])(token, options)).toMatchObject({
      applicationId: 'app1',
      expiresAtMs: expiresAt.getTime(),
    });
    expect(await codeOf(verifierOf([stranger])(token, options))).toBe('unauthenticated');
    expect(await codeOf(verifierOf([key], 'https://elsewhere.example')(token, options))).toBe(
      'unauthenticated',
    );
  });

  it('are refused from another issuer, under another key, altered, or not a token at all', async () => {
    const [key, stranger] = [await newKey(), await newKey()];
    const { token } = await signSessionToken(grant, { issuer, key });
    const [header, , signature] = token.split('.');
    const forged = [header, btoa('{"sub":"mallory"}'), signature].join('.');

    expect(await codeOf(verifierOf([key], 'https://elsewhere.example')(token))).toBe('unauthenticated');
    expect(await codeOf(verifierOf([stranger])(token))).toBe('unauthenticated');
    expect(await codeOf(verifierOf([key])(forged))).toBe('unauthenticated');
    expect(await codeOf(verifierOf([key])('garbage'))).toBe('unauthenticated');
  });

  it('are refused with words that say what has probably been given in their place', async () => {
    const key = await newKey();
    const { token } = await signSessionToken(grant, { issuer, key });
    const refusal = (given: string, expectedIssuer?: string): Promise<unknown> =>
      verifierOf([key], expectedIssuer)(given).catch((error: unknown) => String(error));

    for (const wrong of [JSON.stringify({ token }), `"${token}"`, 'sk_1234', 'garbage', 'a.b.c']) {
      expect(await refusal(wrong)).toContain('bare text');
    }
    expect(await refusal(token, 'https://elsewhere.example')).toContain('another issuer');
  });

  it('are not to be confused with id tokens', async () => {
    const key = await newKey();
    const idToken = await signIdToken(
      {
        clientId: 'pk_1',
        userId: 'alice',
        displayName: 'Alice',
        email: undefined,
        expiresInSeconds: 60,
      },
      { issuer, key },
    );

    expect(await codeOf(verifierOf([key])(idToken))).toBe('unauthenticated');
  });

  it('publish no private part of their key', async () => {
    const key = await newKey();

    expect(Object.keys(key.publicJwk)).not.toContain('d');
  });
});
