import { describe, expect, it } from 'vitest';
import { CommunicationUserCredential } from '../client/CommunicationUserCredential.ts';
import { CallError } from '../errors.ts';
import { FakeServer, FakeClock } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from '../testing/testClient.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
  it('is replaced ten minutes before it runs out, and the newer one in its turn', async () => {
    const tokens = counting();
    const { server, clock, call } = await clientWithTokens(tokens.fetchToken);

    clock.pass(50 * minuteMs - 1);
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

  it('that lives less than 20 minutes is replaced after half of its life', async () => {
    const server = new FakeServer();
    const clock = new FakeClock();
    server.tokenExpiresAtMs = 6 * minuteMs;
    const tokens = counting();
    await createTestClient({
      server,
      clock,
      credential: new CommunicationUserCredential(tokens.fetchToken, 'token-0'),
    });

    clock.pass(3 * minuteMs - 1);
    await nextTurn();
    expect(tokens.fetched).toBe(0);
    clock.pass(1);
    await nextTurn();

    expect(tokens.fetched).toBe(1);
  });

  it('that is given once more is asked for again after half of the time left, so more and more often', async () => {
    const askedAtMs: number[] = [];
    const { clock } = await clientWithTokens(() => {
      askedAtMs.push(clock.now());

      return 'token-0';
    });

    await passInSteps(clock, 59 * minuteMs, minuteMs / 4);

    expect(askedAtMs.map((ms) => ms / minuteMs)).toEqual([50, 55, 57.5, 58.75]);
  });

  it('stays the one that counts while its source fails, which is asked again after half of the time left', async () => {
    const askedAtMs: number[] = [];
    const { server, clock, call } = await clientWithTokens(() => {
      askedAtMs.push(clock.now());
      throw new Error('The backend is away.');
    });

    await passInSteps(clock, 58 * minuteMs, minuteMs / 4);
    server.drop();
    await nextTurn();

    expect(askedAtMs.map((ms) => ms / minuteMs)).toEqual([50, 55, 57.5]);
    expect(server.connections.map(({ auth }) => auth.token)).toEqual(['token-0', 'token-0']);
    expect(call.state).toBe('Connected');
  });

  it('that the server says has run out is replaced at once, also while its source is given a pause', async () => {
    let isAway = true;
    const { server, clock } = await clientWithTokens(() => {
      if (isAway) {
        throw new Error('The backend is away.');
      }

      return 'token-1';
    });
    clock.pass(50 * minuteMs);
    await nextTurn();

    isAway = false;
    server.notify('tokenExpired', {});
    await nextTurn();

    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
  });

  it('is asked for once at a time, however long its source takes', async () => {
    let asked = 0;
    const { clock, server } = await clientWithTokens(() => {
      asked += 1;

      return new Promise<string>(() => {});
    });

    await passInSteps(clock, 59 * minuteMs, minuteMs);
    server.notify('tokenExpired', {});
    await nextTurn();

    expect(asked).toBe(1);
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
    clock.pass(49 * minuteMs + 50_000);
    await nextTurn();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();
    await passInSteps(clock, 20_000, 1_000);
    expect([call.state, tokens.fetched]).toEqual(['Reconnecting', 0]);

    server.refusal = undefined;
    await passInSteps(clock, 5 * minuteMs, 5_000);
    expect(call.state).toBe('Connected');
    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
  });

  it('is replaced no more after dispose()', async () => {
    const { client, clock } = await clientWithTokens(() => 'token-1');

    await client.dispose();

    expect(clock.pending).toBe(0);
  });
});
