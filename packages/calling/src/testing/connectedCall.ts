import type { AutomaticBehaviours } from '../automaticTypes.ts';
import { FakeServer } from './FakeServer.ts';
import { createTestClient, nextTurn } from './testClient.ts';

/** A client that is in the call of a room, with Bob. */
export async function connectedCall(server = new FakeServer(), automatic: AutomaticBehaviours = {}) {
  const parts = await createTestClient({ server, automatic });
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();

  return { ...parts, call };
}
