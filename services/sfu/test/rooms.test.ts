import { limitsWith } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { opusParameters } from './support/rtpParameters.ts';
import { startTestSfu } from './support/testSfu.ts';

describe('a room', () => {
  it('lets four people in, each of whom is told of the three others', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1' });
    const names = ['alice', 'bob', 'carol', 'dave'];
    const clients = await Promise.all(names.map((name) => sfu.connect(name)));
    const joined = await Promise.all(
      clients.map(async (client) => client.enter('joinRoom', { roomId: 'r1', media: await client.offer() })),
    );

    expect(new Set(joined.map(({ call }) => call.id)).size).toBe(1);
    for (const [index, client] of clients.entries()) {
      const known = joined[index]?.call.participants.map(({ identity }) => identity.userId) ?? [];
      while (known.length < 4) {
        known.push((await client.next('participantJoined')).participant.identity.userId);
      }
      expect(known.toSorted()).toEqual(names);
      expect(client.unread).toEqual([]);
    }
  });

  it('tells everyone of every stream exactly once while all enter and send at the same time', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1' });
    const clients = await Promise.all(Array.from({ length: 8 }, (_, index) => sfu.connect(`user-${index}`)));
    const streams = await Promise.all(
      clients.map(async (client) => {
        const joined = await client.enter('joinRoom', { roomId: 'r1', media: await client.offer() });
        const { producerId } = await client.request('produce', {
          callId: joined.call.id,
          transportId: joined.media.sendTransport.id,
          source: 'microphone',
          rtpParameters: opusParameters(),
          paused: false,
        });

        return { client, joined, producerId };
      }),
    );

    const all = streams.map(({ producerId }) => producerId).toSorted();
    for (const { client, joined, producerId } of streams) {
      const known = joined.call.participants.flatMap(({ producers }) => producers.map(({ id }) => id));
      while (known.length < all.length - 1) {
        known.push((await client.next('producerAdded')).producer.id);
      }
      expect([...known, producerId].toSorted()).toEqual(all);
      expect(client.unread).not.toContain('producerAdded');
    }
  });

  it('is left by the other devices of a user whose latest enters in place of them', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1' });
    const [phone, laptop] = [await sfu.connect('alice'), await sfu.connect('alice')];
    const { call } = await phone.enter('joinRoom', { roomId: 'r1', media: await phone.offer() });
    const media = await laptop.offer();
    const joined = await laptop.enter('joinRoom', { roomId: 'r1', media, kickSiblings: true });

    expect(await phone.next('callEnded')).toEqual({ callId: call.id, reason: 'joined_elsewhere' });
    expect(joined.call.participants.map(({ id }) => id)).toEqual([joined.participantId]);
    expect(await phone.refusal({ name: 'leaveCall', data: { callId: call.id } })).toBe('call_not_found');
  });

  it('is refused to a device that is in as many calls as the application allows', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1' });
    await sfu.putRoom({ roomId: 'r2' });
    await sfu.putApplication({ limits: limitsWith({ callsPerDevice: 1 }) });
    const alice = await sfu.connect('alice');
    const media = await alice.offer();
    const { call } = await alice.enter('joinRoom', { roomId: 'r1', media });

    expect(await alice.refusal({ name: 'joinRoom', data: { roomId: 'r2', media } })).toBe('invalid_state');
    await alice.request('leaveCall', { callId: call.id });
    expect(await alice.refusal({ name: 'joinRoom', data: { roomId: 'r2', media } })).toBeUndefined();
  });

  it('has a lobby, from which somebody inside lets people into the call with their media', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1', lobby: true, roster: { alice: 'presenter' } });
    const [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
    const { call } = await alice.enter('joinRoom', { roomId: 'r1', media: await alice.offer() });
    const waiting = await bob.request('joinRoom', { roomId: 'r1', media: await bob.offer() });
    expect(waiting).toMatchObject({ action: 'lobby', call: { id: call.id, roomId: 'r1' } });
    const [entry] = (await alice.next('lobbyChanged')).lobby;
    const participantIds = [entry?.participantId ?? 'nobody'];
    await alice.request('admitParticipants', { callId: call.id, participantIds });

    const { joined } = await bob.next('admitted');
    expect(joined.participantId).toBe(participantIds[0]);
    const { producerId } = await bob.request('produce', {
      callId: call.id,
      transportId: joined.media.sendTransport.id,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    });
    expect(await alice.next('producerAdded')).toMatchObject({ producer: { id: producerId } });
  });

  it('admits a guest by the link of the room, with the role there, and to no other', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'r1', access: 'invite' });
    await sfu.putRoom({ roomId: 'r2' });
    const guest = await sfu.connect('visitor', {
      grant: {
        identity: { userId: 'visitor', displayName: 'Visitor', kind: 'guest' },
        scopes: ['rooms.join'],
        guestOf: { roomId: 'r1', role: 'consumer' },
      },
    });
    const media = await guest.offer();

    expect(await guest.refusal({ name: 'joinRoom', data: { roomId: 'r2', media } })).toBe('forbidden');
    const { call, media: parameters } = await guest.enter('joinRoom', { roomId: 'r1', media });
    expect(call.participants).toMatchObject([
      { role: 'consumer', identity: { displayName: 'Visitor', kind: 'guest' } },
    ]);
    const produce = {
      callId: call.id,
      transportId: parameters.sendTransport.id,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    };
    expect(await guest.refusal({ name: 'produce', data: produce })).toBe('forbidden');
    expect(await guest.refusal({ name: 'endCall', data: { callId: call.id } })).toBe('forbidden');
    expect(await guest.refusal({ name: 'startCall', data: { callees: ['visitor2'], media } })).toBe(
      'forbidden',
    );
  });
});
