import { createTestEncryption } from './FakeWorker.ts';
import { FakeServer } from './FakeServer.ts';
import { createTestClient, nextTurn } from './testClient.ts';

/** A call in a room with Bob, encrypted. */
export async function encryptedCall(options: Parameters<typeof createTestEncryption>[0] = {}) {
  const parts = createTestEncryption(options);
  const server = new FakeServer();
  const { client } = await createTestClient({ server });
  const updates: string[] = [];
  parts.encryption.on('participantsUpdated', ({ added, removed }) => {
    updates.push(...added.map(({ identity }) => `+${identity.id}`));
    updates.push(...removed.map(({ identity }) => `-${identity.id}`));
  });
  const call = client.join({ roomId: 'room-1' }, { encryption: parts.encryption });
  await nextTurn();

  return { ...parts, client, server, call, updates };
}
