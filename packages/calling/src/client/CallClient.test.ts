import { protocolVersion } from '@parley/protocol';
import { describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import type { Logger, LogLevel } from '../logger.ts';
import { FakePage } from '../testing/fakePage.ts';
import { FakeClock, FakeServer } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { CallClientFactory } from './CallClientFactory.ts';
import { CommunicationUserCredential } from './CommunicationUserCredential.ts';

const reconnectAfterMs = 10_000;

describe('create()', () => {
  it('resolves with the identity of the token, connected', async () => {
    const { client, server } = await createTestClient();

    expect(client.identity).toEqual({ id: 'alice', displayName: 'Alice', type: 'user' });
    expect(client.connectionState).toBe('Connected');
    expect(server.connections).toMatchObject([
      { auth: { token: 'a token', protocolVersion, clientId: expect.any(String) } },
    ]);
  });

  it.each(['token_expired', 'token_revoked', 'unauthenticated', 'protocol_mismatch', 'unavailable'] as const)(
    'rejects with the code of a connection refused as %s',
    async (code) => {
      const server = new FakeServer();
      server.refusal = new CallError(code);

      await expect(createTestClient({ server })).rejects.toMatchObject({ name: 'CallError', code });
      expect(server.connections).toHaveLength(1);
    },
  );

  it('rejects with timeout when the server says nothing, and leaves no timer', async () => {
    const server = new FakeServer();
    const clock = new FakeClock();
    server.isSilent = true;
    const creating = createTestClient({ server, clock });
    await nextTurn();

    clock.pass(10_000);

    await expect(creating).rejects.toMatchObject({ code: 'timeout' });
    expect(clock.pending).toBe(0);
  });

  it('stays connected past the time that was allowed for the welcome', async () => {
    const { client, server, clock } = await createTestClient();

    clock.pass(10_001);
    await nextTurn();

    expect(client.connectionState).toBe('Connected');
    expect(server.connections).toHaveLength(1);
  });

  it('fetches another token when the first one is refused and the credential can', async () => {
    const server = new FakeServer();
    const clock = new FakeClock();
    server.refusal = new CallError('token_expired');
    const credential = new CommunicationUserCredential(() => {
      server.refusal = undefined;

      return 'a fresh token';
    }, 'an old token');

    const creating = createTestClient({ server, clock, credential });
    await nextTurn();
    clock.pass(0);
    const { client } = await creating;

    expect(client.connectionState).toBe('Connected');
    expect(server.connections.map(({ auth }) => auth.token)).toEqual(['an old token', 'a fresh token']);
  });

  it('rejects a wrong argument with a TypeError', async () => {
    await expect(CallClientFactory.create('')).rejects.toThrow(TypeError);
    await expect(CallClientFactory.create(undefined as unknown as string)).rejects.toThrow(TypeError);
    await expect(CallClientFactory.create('a.b.c', { endpoint: 'localhost' })).rejects.toThrow(TypeError);
    const logger = { info() {} } as unknown as Logger;
    await expect(CallClientFactory.create('a.b.c', { logger })).rejects.toThrow(TypeError);
    const logLevel = 'loud' as LogLevel;
    await expect(CallClientFactory.create('a.b.c', { logLevel })).rejects.toThrow(TypeError);
    const iceTransportPolicy = 'none' as RTCIceTransportPolicy;
    await expect(CallClientFactory.create('a.b.c', { iceTransportPolicy })).rejects.toThrow(TypeError);
  });

  it.each(['not a token', 'a.b.c', `a.${btoa('{}')}.c`, `a.${btoa('{"iss":"javascript:0"}')}.c`])(
    'rejects the token "%s", which names no server, with invalid_request',
    async (token) => {
      await expect(CallClientFactory.create(token)).rejects.toMatchObject({
        name: 'CallError',
        code: 'invalid_request',
      });
    },
  );
});

describe('a lost connection', () => {
  it('has no reason any more from the first event on that tells of the next one', async () => {
    const { client, server } = await createTestClient();
    const seen: unknown[] = [];
    client.on('identityChanged', () => seen.push(client.connectionState, client.disconnectReason));

    server.displayName = 'Alice B.';
    server.drop();
    expect(client.disconnectReason?.code).toBe('unavailable');
    await nextTurn();

    expect(seen).toEqual(['Connected', undefined]);
  });

  it('comes back with a fresh token when the old one is refused', async () => {
    const tokens = ['first', 'second'];
    const credential = new CommunicationUserCredential(() => tokens.shift() ?? 'none');
    const { client, server, clock } = await createTestClient({ credential });
    const states: string[] = [];
    client.on('connectionStateChanged', () => states.push(client.connectionState));

    server.refusal = new CallError('token_expired');
    server.drop();
    await nextTurn();
    expect(client.disconnectReason?.code).toBe('token_expired');
    server.refusal = undefined;
    clock.pass(reconnectAfterMs);
    await nextTurn();

    expect(states).toEqual(['Connecting', 'Connected']);
    expect(client.disconnectReason).toBeUndefined();
    expect(server.connections.map(({ auth }) => auth.token)).toEqual(['first', 'first', 'second']);
    const rung: string[] = [];
    client.on('incomingCall', ({ id }) => rung.push(id));
    const caller = { userId: 'bob', displayName: 'Bob', kind: 'user' as const };
    server.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller, customData: {} });
    expect(rung).toEqual(['call-2']);
  });

  it('is tried again for as long as the server cannot be reached', async () => {
    const { client, server, clock } = await createTestClient();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    for (let attempt = 0; attempt < 5; attempt += 1) {
      clock.pass(reconnectAfterMs);
      await nextTurn();
    }

    expect(client.connectionState).toBe('Connecting');
    expect(server.connections).toHaveLength(7);
  });

  it.each(['token_revoked', 'token_expired'] as const)(
    'after the session ended with %s does not come back, and says why',
    async (code) => {
      const { client, server, clock } = await createTestClient();
      const call = client.join({ roomId: 'room-1' });
      await nextTurn();

      server.notify('sessionEnded', { code, message: 'It is over.' });
      clock.pass(reconnectAfterMs);
      await nextTurn();

      expect(client.connectionState).toBe('Disconnected');
      expect(client.disconnectReason).toMatchObject({ code, message: 'It is over.' });
      expect(call.callEndReason?.name).toBe('unauthenticated');
      expect(server.connections).toHaveLength(1);
      expect(clock.pending).toBe(0);
    },
  );
});

describe('what the server tells', () => {
  it('is ignored when its name is unknown or its data is malformed', async () => {
    const { client, server } = await createTestClient();
    const rung: unknown[] = [];
    client.on('incomingCall', (incoming) => rung.push(incoming));

    server.notifyRaw({ name: 'somethingNew', data: {} });
    server.notifyRaw({ name: 'toString', data: {} });
    server.notifyRaw({ name: 'incomingCall', data: { callId: 7 } });
    server.notifyRaw(undefined);

    expect(rung).toEqual([]);
    expect(client.connectionState).toBe('Connected');
  });

  it('with a code that only a newer server knows is an internal error', async () => {
    const { client, server } = await createTestClient();

    server.notifyRaw({ name: 'sessionEnded', data: { code: 'out_of_tea', message: 'Later.' } });
    expect(client.connectionState).toBe('Connecting');
    await nextTurn();

    expect(client.connectionState).toBe('Connected');
  });

  it('in answer to a request that does not match its schema ends that call alone', async () => {
    const { client, server } = await createTestClient();
    server.on('joinRoom', () => ({ nonsense: true }) as never);

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason?.name).toBe('failed');
    expect(client.connectionState).toBe('Connected');
  });
});

describe('dispose()', () => {
  it('hangs up, turns every device off, closes the connection and removes its listeners', async () => {
    const page = new FakePage();
    const [added, removed] = [vi.spyOn(page, 'addEventListener'), vi.spyOn(page, 'removeEventListener')];
    const { client, server, devices, media, clock } = await createTestClient({ page });
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();
    const preview = await client.deviceManager.renderPreviewVideo(undefined, page.target().asHtml);
    await preview.start();

    await client.dispose();

    expect(call.callEndReason?.name).toBe('hangup');
    expect(server.asked('leaveCall')).toHaveLength(1);
    expect(server.isConnected).toBe(false);
    expect(client.connectionState).toBe('Disconnected');
    expect(client.disconnectReason).toBeUndefined();
    expect(devices.liveTracks).toEqual([]);
    expect(devices.listenerCount).toBe(0);
    const listenersOf = ({ calls }: { calls: unknown[][] }) =>
      calls.map(([type, listener]) => [type, listener]);
    expect(listenersOf(removed.mock)).toEqual(expect.arrayContaining(listenersOf(added.mock)));
    expect(media.session.isClosed).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('may be called again, and from a listener of what it does', async () => {
    const { client, server } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    let fromListener: Promise<void> | undefined;
    call.on('stateChanged', () => {
      fromListener ??= client.dispose();
    });

    await client.dispose();
    await fromListener;
    await client.dispose();

    expect(server.asked('leaveCall')).toHaveLength(1);
  });

  it('ends the attempts to come back', async () => {
    const { client, server, clock } = await createTestClient();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    await client.dispose();

    expect(clock.pending).toBe(0);
    expect(client.connectionState).toBe('Disconnected');
  });
});

describe('a page that is closed', () => {
  it('has left its calls before the browser has done away with it', async () => {
    const { client, server, page } = await createTestClient();
    client.join({ roomId: 'room-1' });
    await nextTurn();

    page.dispatchEvent(new Event('pagehide'));
    // No task of the page runs any more, but what its event listeners have promised does.
    for (let microtask = 0; microtask < 50; microtask += 1) {
      await Promise.resolve();
    }

    expect(server.asked('leaveCall')).toEqual([{ callId: 'call-1' }]);
  });
});
