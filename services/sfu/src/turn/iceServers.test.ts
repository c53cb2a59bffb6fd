import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { turnIceServers } from './iceServers.ts';

const secret = 'the secret that coturn knows too';
const aliceOf = (applicationId: string) => ({ applicationId, identity: { userId: 'alice' } });
const alice = aliceOf('app-a');
const urls = ['turns:turn.example:5349?transport=tcp', 'turn:turn.example:3478'];

describe('the ICE servers of a client', () => {
  const clock = new FakeClock();
  const iceServersFor = turnIceServers({ urls, secret, ttlSeconds: 240 }, clock);

  it('carry a credential that coturn computes as well, and that runs out', () => {
    const [server] = iceServersFor(alice);
    const [expiresAtSeconds = ''] = server?.username?.split(':') ?? [];

    expect(server?.urls).toEqual(urls);
    expect(server?.credential).toBe(
      createHmac('sha1', secret)
        .update(server?.username ?? '')
        .digest('base64'),
    );
    expect(Number(expiresAtSeconds)).toBe(Math.floor(clock.now() / 1000) + 240);
  });

  it('are made anew, so that a later answer lasts longer', () => {
    const before = iceServersFor(alice)[0]?.username;
    clock.advance(60_000);

    expect(iceServersFor(alice)[0]?.username).not.toBe(before);
  });

  it('tell users apart and name none of them', () => {
    const names = ['alice', 'bob'].map(
      (userId) => iceServersFor({ applicationId: 'app-a', identity: { userId } })[0]?.username ?? '',
    );

    expect(new Set(names).size).toBe(2);
    expect(names.join(' ')).not.toMatch(/alice|bob/);
  });

  it('tell users of two applications apart whose ids are equal: the TURN server counts by the name', () => {
    const names = ['app-a', 'app-b'].map(
      (applicationId) => iceServersFor(aliceOf(applicationId))[0]?.username ?? '',
    );

    expect(new Set(names).size).toBe(2);
  });
});
