import { describe, expect, it } from 'vitest';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import { startTestSfu } from './support/testSfu.ts';

describe('a room', () => {
  it('lets four people in, each of whom is told of the three others', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1' });
    const names = ['alice', 'bob', 'carol', 'dave'];
    const clients = await Promise.all(names.map((name) => sfu.connect(name)));
    const joined = await Promise.all(
      clients.map(async (client) =>
        client.request('joinRoom', { roomId: 'r1', media: await client.offer() }),
      ),
    );

    expect(new Set(joined.map(({ call }) => call.id)).size).toBe(1);
    for (const [index, client] of clients.entries()) {
      const known = joined[index]?.call.participants.map(({ identity }) => identity.userId) ?? [];
      while (known.length < 4) {
        known.push((await client.next('participantJoined')).participant.identity.userId);
      }
      expect(known.toSorted()).toEqual(names);
    }
  });
});
