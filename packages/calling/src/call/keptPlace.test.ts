import { standardCallSettings } from '@parley/protocol';
import { expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined } from '../testing/FakeServer.ts';
import { nextTurn, passInSteps } from '../testing/testClient.ts';

/** Two seconds beside what the call says: the server may notice the loss somewhat later. */
it.each([5, 30, 300])(
  'a lost connection is made again for as long as the call keeps the place, such as %i seconds, and no longer',
  async (reconnectSeconds) => {
    const server = new FakeServer();
    const { call: told, ...answer } = joined('room', 'connected');
    const settings = { ...standardCallSettings, reconnectSeconds };
    server.on('joinRoom', () => ({ ...answer, call: { ...told, settings } }));
    const { call, clock } = await connectedCall(server);
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();
    await passInSteps(clock, reconnectSeconds * 1_000 + 1_000, 1_000);
    expect(call.state).toBe('Reconnecting');
    clock.pass(1_000);
    await nextTurn();

    expect(call.state).toBe('Disconnected');
  },
);
