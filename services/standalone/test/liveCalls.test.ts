import { callListSchema, callSchema, contactListSchema, type Call } from '@parley/protocol/rest';
import { describe, expect, it } from 'vitest';
import { opusParameters } from '../../sfu/test/support/rtpParameters.ts';
import { ask } from './support/backend.ts';
import { join, liveWorld, ring, within } from './support/liveWorld.ts';

/** What happens in calls is known over REST, and what is said there happens in calls. */
const world = liveWorld();
const { connect } = world;

/** Alice rings Bob and he answers. */
async function connectedCall() {
  const [alice, bob] = [await connect('alice'), await connect('bob')];
  const { call, media, participantId: alicesId } = await ring(alice, 'bob');
  await bob.next('incomingCall');
  const { participantId: bobsId } = await bob.enter('acceptCall', {
    callId: call.id,
    media: await bob.offer(),
  });
  await alice.next('callStateChanged');

  const transportId = media.sendTransport.id;

  return { alice, bob, callId: call.id, transportId, alicesId, bobsId };
}

/** The call as the backend reads it, once it is as wanted: what happens in calls is written a moment later. */
async function recorded(callId: string, isWanted: (call: Call) => boolean): Promise<Call> {
  let found: Call | undefined;
  await expect
    .poll(
      async () => {
        const { status, body } = await world.backend.ask('GET', `/v1/calls/${callId}`);
        found = status === 200 ? callSchema.parse(body) : undefined;

        return found !== undefined && isWanted(found);
      },
      { timeout: 5_000 },
    )
    .toBe(true);

  return found as Call;
}

describe('a live call, over REST', () => {
  it('is listed, and ended for everyone', async () => {
    const { alice, bob, callId } = await connectedCall();
    await recorded(callId, ({ connectedAt }) => connectedAt !== undefined);
    const { items } = callListSchema.parse(await world.backend.do('GET', '/v1/calls?state=live'));
    expect(items.map(({ id }) => id)).toEqual([callId]);

    await world.backend.do('POST', `/v1/calls/${callId}/end`);

    for (const client of [alice, bob]) {
      expect(await client.next('callEnded')).toEqual({ callId, reason: 'server_ended' });
    }
    expect((await world.backend.ask('POST', `/v1/calls/${callId}/end`)).status).toBe(404);
  });

  it('loses a participant who is removed', async () => {
    const { bob, callId, bobsId } = await connectedCall();

    await world.backend.do('DELETE', `/v1/calls/${callId}/participants/${bobsId}`);

    expect(await bob.next('callEnded')).toEqual({ callId, reason: 'removed' });
  });

  it('has a microphone muted, which its owner may open again', async () => {
    const { alice, bob, callId, transportId, alicesId } = await connectedCall();
    const { producerId } = await alice.request('produce', {
      callId,
      transportId,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    });

    await world.backend.do('POST', `/v1/calls/${callId}/participants/${alicesId}/mute`);

    const muted = { callId, participantId: alicesId, producerId };
    expect(await bob.next('producerPaused')).toEqual(muted);
    expect(await alice.next('producerPaused')).toEqual(muted);
    await alice.request('resumeProducer', { callId, producerId });
    expect(await bob.next('producerResumed')).toEqual(muted);
  });

  it('is recorded with who was in it, when, and how it ended', async () => {
    const before = Date.now();
    const { alice, bob, callId } = await connectedCall();
    await alice.request('leaveCall', { callId });
    await bob.next('callEnded');

    const call = await recorded(callId, ({ state }) => state === 'ended');

    expect(call).toMatchObject({ kind: 'direct', endReason: 'hangup' });
    expect(new Set(call.participants.map(({ userId }) => userId))).toEqual(new Set(['alice', 'bob']));
    const moments = [
      call.startedAt,
      call.connectedAt,
      call.endedAt,
      ...call.participants.flatMap(({ joinedAt, connectedAt, leftAt }) => [joinedAt, connectedAt, leftAt]),
    ].map((moment) => Date.parse(moment ?? ''));
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...moments)).toBeLessThanOrEqual(Date.now());
    const own = callListSchema.parse(
      (await ask(world.platform.url, await world.backend.token('alice'), ['GET', '/v1/me/calls'])).body,
    );
    expect(own.items.map(({ id }) => id)).toEqual([callId]);
  });

  it('ends for a user who is deleted, and is kept without the name', async () => {
    const { alice, bob, callId } = await connectedCall();
    await recorded(callId, ({ connectedAt }) => connectedAt !== undefined);

    await within(1_000, async () => {
      await world.backend.do('DELETE', '/v1/users/bob');
      expect((await bob.next('sessionEnded')).code).toBe('token_revoked');
      await alice.next('callEnded');
    });

    const call = await recorded(callId, ({ state }) => state === 'ended');
    expect(call.participants.map(({ userId, displayName }) => [userId, displayName])).toEqual(
      expect.arrayContaining([
        ['alice', 'alice'],
        [undefined, undefined],
      ]),
    );
    expect(call.participants).toHaveLength(2);
  });
});

describe('contacts', () => {
  it('show who is offline, online and in a call', async () => {
    const presences = async () => {
      const { body } = await ask(world.platform.url, await world.backend.token('carol'), [
        'GET',
        '/v1/contacts',
      ]);

      return contactListSchema.parse(body).items.map(({ id, presence }) => [id, presence]);
    };
    const alice = await connect('alice');
    expect(await presences()).toEqual([
      ['alice', 'online'],
      ['bob', 'offline'],
    ]);

    const { id } = (await world.backend.do('POST', '/v1/rooms', { access: 'open' })) as { id: string };
    await join(alice, id);

    expect(await presences()).toEqual([
      ['alice', 'busy'],
      ['bob', 'offline'],
    ]);
  });
});
