import { maxTokenLength } from '@parley/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import { FakeClock, FakeServer } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from '../testing/testClient.ts';
import { CommunicationUserCredential } from './CommunicationUserCredential.ts';

afterEach(() => vi.useRealTimers());

/** A server that refuses every token as expired. */
function strictServer() {
  const server = new FakeServer();
  server.refusal = new CallError('token_expired');

  return server;
}

/** A client whose callback counts what it gives, after the token to begin with. */
async function refreshingClient() {
  let fetched = 0;
  const credential = new CommunicationUserCredential(() => `token-${(fetched += 1)}`, 'token-0');
  const parts = await createTestClient({ credential });
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();

  return { ...parts, call };
}

describe('a token that has run out', () => {
  it('and cannot be replaced is refused at once, with the code, and leaves no timer', async () => {
    const [server, clock] = [strictServer(), new FakeClock()];

    await expect(createTestClient({ server, clock })).rejects.toMatchObject({ code: 'token_expired' });
    expect([server.connections.length, clock.pending]).toEqual([1, 0]);
  });

  it('and whose callback gives no better one is refused after one more try', async () => {
    const [server, clock] = [strictServer(), new FakeClock()];
    const fetchToken = vi.fn<() => string>(() => 'no better');
    const creating = createTestClient({
      server,
      clock,
      credential: new CommunicationUserCredential(fetchToken),
    });
    const outcome = creating.catch((error: unknown) => error);
    await passInSteps(clock, 10_000, 500);

    expect(await outcome).toMatchObject({ code: 'token_expired' });
    expect([server.connections.length, fetchToken.mock.calls.length, clock.pending]).toEqual([2, 2, 0]);
  });

  it('ends what is begun with it at once, as unauthenticated, and no call that goes on', async () => {
    const { client, server } = await createTestClient();
    const going = client.join({ roomId: 'room-1' });
    await nextTurn();
    server.notify('tokenExpired', {});
    server.on('startCall', () => {
      throw new CallError('token_expired');
    });
    const late = client.call(['bob']);
    await nextTurn();

    expect(late).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'unauthenticated' } });
    expect([going.state, client.connectionState]).toEqual(['Connected', 'Connected']);
  });

  it('is not waited for longer than half a minute, also where its callback never answers', async () => {
    vi.useFakeTimers();
    const credential = new CommunicationUserCredential(() => new Promise<string>(() => {}));
    const outcomes = [credential.getToken(), createTestClient({ credential })].map((waiting) =>
      waiting.catch((error: unknown) => error),
    );
    await vi.advanceTimersByTimeAsync(30_000);

    expect(await Promise.all(outcomes)).toMatchObject([{ code: 'timeout' }, { code: 'timeout' }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a callback', () => {
  it('that fails, and once more, has the client rejected with the cause, and leaves no timer', async () => {
    const clock = new FakeClock();
    const cause = new Error('The backend is away.');
    const credential = new CommunicationUserCredential(() => Promise.reject(cause));
    const outcome = createTestClient({ clock, credential }).catch((error: unknown) => error);
    await passInSteps(clock, 10_000, 500);

    expect(await outcome).toMatchObject({ code: 'unauthenticated', cause });
    expect(clock.pending).toBe(0);
  });

  it('in whose place a captive portal answers is asked again, and the connection comes back', async () => {
    const [server, clock] = [new FakeServer(), new FakeClock()];
    let answer = 'the first';
    const openSocket: typeof server.openSocket = (options, handlers) => {
      const isToken = options.auth.token.length <= maxTokenLength;
      server.refusal = isToken ? undefined : new CallError('invalid_request');

      return server.openSocket(options, handlers);
    };
    const credential = new CommunicationUserCredential(() => answer);
    const { client } = await createTestClient({ server, clock, openSocket, credential });
    answer = '<!doctype html>'.padEnd(10_000, 'Sign in to this network!');
    credential.discard('the first');
    server.drop();
    await passInSteps(clock, 20_000, 500);
    expect(client.connectionState).toBe('Connecting');
    answer = 'another';
    await passInSteps(clock, 20_000, 500);

    expect(client.connectionState).toBe('Connected');
    expect(server.connections.map(({ auth }) => auth.token)).toEqual(['the first', 'another']);
  });

  it('that answers in time leaves no timer', async () => {
    vi.useFakeTimers();
    const credential = new CommunicationUserCredential(async () => 'a token');
    await credential.getToken();

    expect(vi.getTimerCount()).toBe(0);
  });

  it('is asked once for two clients of one page that have it replaced at the same time', async () => {
    const fetchToken = vi.fn<() => Promise<string>>(async () => 'a token');
    const credential = new CommunicationUserCredential(fetchToken);
    await Promise.all([createTestClient({ credential }), createTestClient({ credential })]);

    expect(fetchToken).toHaveBeenCalledTimes(1);
  });
});

describe('a token that was replaced over one connection', () => {
  it('is the one by which the next is made and the call resumed', async () => {
    const { server, call } = await refreshingClient();
    server.notify('tokenExpired', {});
    await nextTurn();
    server.drop();
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(server.asked('refreshToken')).toEqual([{ token: 'token-1' }]);
    expect(server.connections.map(({ auth }) => auth.token)).toEqual(['token-0', 'token-1']);
  });

  it('is given over the next where the connection was lost before the server had it', async () => {
    const { server, clock, call } = await refreshingClient();
    server.isDeaf = true;
    server.notify('tokenExpired', {});
    await nextTurn();
    server.isDeaf = false;
    server.tokenExpiresAtMs = 1;
    clock.pass(2);
    server.drop();
    await nextTurn();
    await passInSteps(clock, 60_000, 1_000);

    expect(call.state).toBe('Connected');
    expect(server.asked('refreshToken')[0]).toEqual({ token: expect.stringMatching(/^token-[12]$/) });
  });

  it('lets nobody back in who was removed', async () => {
    const { client, server, call } = await refreshingClient();
    server.notify('callEnded', { callId: 'call-1', reason: 'removed' });
    server.notify('tokenExpired', {});
    await nextTurn();
    server.on('joinRoom', () => {
      throw new CallError('removed_from_call');
    });
    const again = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(server.asked('refreshToken')).toHaveLength(1);
    expect([call, again].map(({ state, callEndReason }) => [state, callEndReason?.name])).toEqual([
      ['Disconnected', 'removed'],
      ['Disconnected', 'removed'],
    ]);
  });
});
