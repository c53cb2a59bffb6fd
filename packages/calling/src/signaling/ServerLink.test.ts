import type { NotificationData } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeServer } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { OpenSocket } from './SocketPort.ts';

// The pauses as they are listed: chance takes nothing away.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

/** The nth connection is lost in the turn in which it is welcomed, or ended for that reason. */
function endedAtOnce(server: FakeServer, nth: number, end?: NotificationData<'sessionEnded'>): OpenSocket {
  return (options, handlers) =>
    server.openSocket(options, {
      ...handlers,
      onNotification(notification) {
        handlers.onNotification(notification);
        if (server.connections.length !== nth || (notification as { name: string }).name !== 'welcomed') {
          return;
        }
        if (end === undefined) {
          server.drop();
        } else {
          server.notify('sessionEnded', end);
        }
      },
    });
}

describe('a connection to a server', () => {
  it('that was made anew and does not last is tried again only after the pauses, one that lasted at once', async () => {
    const { server, clock } = await createTestClient();
    const dropAfter = async (ms: number): Promise<void> => {
      clock.pass(ms);
      server.drop();
      await nextTurn();
    };
    await dropAfter(0);
    expect(server.connections).toHaveLength(2);

    await dropAfter(0);
    expect(server.connections).toHaveLength(2);
    clock.pass(300);
    await nextTurn();
    expect(server.connections).toHaveLength(3);
    await dropAfter(4_999);
    clock.pass(300);
    await nextTurn();
    expect(server.connections).toHaveLength(3);
    clock.pass(900);
    await nextTurn();
    expect(server.connections).toHaveLength(4);

    await dropAfter(5_000);
    expect(server.connections).toHaveLength(5);
  });

  it('is not hammered at a server that welcomes and closes at once', async () => {
    const { server } = await createTestClient();
    for (let loss = 0; loss < 100; loss += 1) {
      server.drop();
      await nextTurn();
    }

    expect(server.connections).toHaveLength(2);
  });

  it('that the server ends for too many requests is made again after five seconds, also the first', async () => {
    const { server, clock } = await createTestClient();

    server.notify('sessionEnded', { code: 'too_many_requests', message: 'Slow down.' });
    await nextTurn();
    clock.pass(4_999);
    await nextTurn();
    expect(server.connections).toHaveLength(1);
    clock.pass(1);
    await nextTurn();

    expect(server.connections).toHaveLength(2);
  });

  describe('whose end comes in one turn with its welcome', () => {
    it('is made again, and is not thought to stand', async () => {
      const server = new FakeServer();
      const { client, clock } = await createTestClient({ server, openSocket: endedAtOnce(server, 2) });

      clock.pass(10_000);
      server.drop();
      await nextTurn();
      expect(client.connectionState).toBe('Connecting');
      clock.pass(300);
      await nextTurn();

      expect(server.connections).toHaveLength(3);
      expect(client.connectionState).toBe('Connected');
      const call = client.join({ roomId: 'room-1' });
      await nextTurn();
      expect(call.state).toBe('Connected');
    });

    it('is made again when it was the first', async () => {
      const server = new FakeServer();
      const { client } = await createTestClient({ server, openSocket: endedAtOnce(server, 1) });
      await nextTurn();

      expect(server.connections).toHaveLength(2);
      expect(client.connectionState).toBe('Connected');
    });

    it('is no connection when it was the first and there will be no other', async () => {
      const server = new FakeServer();
      const end = { code: 'token_revoked', message: 'The token was revoked.' } as const;

      await expect(
        createTestClient({ server, openSocket: endedAtOnce(server, 1, end) }),
      ).rejects.toMatchObject({ code: 'token_revoked' });
    });
  });
});
