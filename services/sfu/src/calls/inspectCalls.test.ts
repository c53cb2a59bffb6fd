import { expect, it } from 'vitest';
import { createLobbyRoom, waitBefore } from '../../test/support/lobbyRoom.ts';
import { countCalls } from './inspectCalls.ts';

it('whoever waits in a lobby is counted there until they go, and not among those in the call', async () => {
  const { world, callId } = await createLobbyRoom();
  const waiters = [await world.device('bob'), await world.device('carol')];
  for (const waiter of waiters) {
    await waitBefore(world, waiter);
  }
  const counted = { ringing: 0, connected: 1, reconnecting: 0, lobby: 2 };
  expect(world.calls.summaries.map(({ participants }) => participants)).toEqual([counted]);
  expect(countCalls(world.calls.summaries).participants).toEqual(counted);

  await Promise.all(waiters.map((waiter) => world.ask(waiter, 'leaveCall', { callId })));
  expect(countCalls(world.calls.summaries).participants).toEqual({ ...counted, lobby: 0 });
});
