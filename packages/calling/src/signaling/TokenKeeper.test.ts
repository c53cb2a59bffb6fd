import { describe, expect, it } from 'vitest';
import { CommunicationUserCredential } from '../client/CommunicationUserCredential.ts';
import { CallError } from '../errors.ts';
import { FakeServer, FakeClock } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from '../testing/testClient.ts';

const hourMs = 60 * 60_000;

async function clientWithTokens(fetchToken: () => string | Promise<string>) {
  const server = new FakeServer();
  server.tokenExpiresAtMs = hourMs;
  const clock = new FakeClock();
  const credential = new CommunicationUserCredential(fetchToken, 'token-0');
  const parts = await createTestClient({ server, clock, credential });
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();

  return { ...parts, call };
}

function counting() {
  let fetched = 0;

  return {
    fetchToken: () => {
      fetched += 1;

      return `token-${fetched}`;
    },
    get fetched() {
      return fetched;
    },
  };
}

describe('a token', () => {
  it('is replaced a minute before it runs out, and the newer one in its turn', async () => {
    const tokens = counting();
    const { server, clock, call } = await clientWithTokens(tokens.fetchToken);

    clock.pass(hourMs - 60_001);
    await nextTurn();
    expect(tokens.fetched).toBe(0);
    server.tokenExpiresAtMs = 2 * hourMs;
    clock.pass(1);
    await nextTurn();
    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
    clock.pass(hourMs);
    await nextTurn();

    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }, { token: 'token-2' }]);
    expect(call.state).toBe('Connected');
    expect(server.connections).toHaveLength(1);
  });

  it('that has run out, as the server says, is replaced at once, with one request however often it is said', async () => {
    const tokens = counting();
    const { server, call } = await clientWithTokens(tokens.fetchToken);

    server.notify('tokenExpired', {});
    server.notify('tokenExpired', {});
    await nextTurn();

    expect(tokens.fetched).toBe(1);
    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
    expect(call.state).toBe('Connected');
  });

  it('that is said to have run out at once is replaced no more than twice a minute', async () => {
    const tokens = counting();
    const { server, clock } = await clientWithTokens(tokens.fetchToken);
    server.on('refreshToken', () => ({ tokenExpiresAtMs: clock.now() + 2 }));
    server.notify('tokenExpired', {});
    await nextTurn();

    for (let passedMs = 0; passedMs < 29_000; passedMs += 100) {
      clock.pass(100);
      server.notify('tokenExpired', {});
      await nextTurn();
    }
    expect(tokens.fetched).toBe(1);
    clock.pass(1_000);
    await nextTurn();

    expect(tokens.fetched).toBe(2);
  });

  it('that is refreshed over one connection is not at once over the next, by a clock that is far ahead', async () => {
    const tokens = counting();
    const { server, clock } = await clientWithTokens(tokens.fetchToken);
    clock.pass(24 * hourMs);
    await nextTurn();
    expect(tokens.fetched).toBe(1);

    for (const _ of [1, 2, 3]) {
      server.drop();
      await nextTurn();
      clock.pass(5_000);
      await nextTurn();
    }
    expect(server.connections).toHaveLength(4);
    expect(tokens.fetched).toBe(1);
  });

  it('that cannot be had is asked for again while the call goes on', async () => {
    let isAway = true;
    const { server, clock, call } = await clientWithTokens(() => {
      if (isAway) {
        throw new Error('The backend is away.');
      }

      return 'token-1';
    });
    server.notify('tokenExpired', {});
    await nextTurn();

    isAway = false;
    clock.pass(1_000);
    await nextTurn();

    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
    expect(call.state).toBe('Connected');
  });

  it('of another user is not offered again', async () => {
    const tokens = counting();
    const { server, clock, call } = await clientWithTokens(tokens.fetchToken);
    server.on('refreshToken', () => {
      throw new CallError('forbidden');
    });

    server.notify('tokenExpired', {});
    await nextTurn();
    clock.pass(hourMs);
    await nextTurn();

    expect(server.asked('refreshToken')).toHaveLength(1);
    expect(call.state).toBe('Connected');
  });

  it('without a callback is not replaced, and the call goes on', async () => {
    const { client, server, clock } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    server.notify('tokenExpired', {});
    clock.pass(100 * hourMs);
    await nextTurn();

    expect(server.asked('refreshToken')).toEqual([]);
    expect(call.state).toBe('Connected');
  });

  it('that has run out is good enough to resume a call, and is replaced afterwards', async () => {
    const tokens = counting();
    const { server, clock, call } = await clientWithTokens(() => {
      tokens.fetchToken();

      return new Promise<string>(() => {});
    });
    server.tokenExpiresAtMs = 1;
    clock.pass(2);

    server.drop();
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(server.connections.map(({ auth }) => auth.token)).toEqual(['token-0', 'token-0']);
    expect(tokens.fetched).toBe(1);
  });

  it('that is about to run out is asked for by no connection that is lost, only by the next one', async () => {
    const tokens = counting();
    const { server, clock, call } = await clientWithTokens(tokens.fetchToken);
    clock.pass(hourMs - 70_000);
    await nextTurn();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();
    await passInSteps(clock, 20_000, 1_000);
    expect([call.state, tokens.fetched]).toEqual(['Reconnecting', 0]);

    server.refusal = undefined;
    await passInSteps(clock, 40_000, 1_000);
    expect(call.state).toBe('Connected');
    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
  });

  it('is replaced no more after dispose()', async () => {
    const { client, clock } = await clientWithTokens(() => 'token-1');

    await client.dispose();

    expect(clock.pending).toBe(0);
  });
});
