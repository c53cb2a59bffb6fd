import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

// The pauses as they are listed: chance takes nothing away.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

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
});
