import type { Joined } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { isHeld } from '../../test/support/isHeld.ts';
import { AnswerCache } from './AnswerCache.ts';
import { carryOutOnce } from './carryOutOnce.ts';
import type { ParsedEnvelope } from './dispatch.ts';

const joining = { name: 'joinRoom', requestId: 'request-1', data: { roomId: 'room', media: offer } } as const;

function createAsking({ calls, probes, clock }: CallWorld) {
  const answers = new AnswerCache(clock);
  const ask = async (endpoint: FakeDevice, request: ParsedEnvelope) => {
    const context = { endpoint, calls, probes, refreshToken: async () => 0 };

    return carryOutOnce(request, { context, clientId: 'page', answers });
  };
  const join = async (endpoint: FakeDevice): Promise<Joined> => (await ask(endpoint, joining)) as Joined;

  return { answers, ask, join };
}

describe('what is kept of the answer to a request that entered a call', () => {
  it('is neither the answer nor its snapshot, though the same place is answered again', async () => {
    const world = await createCallWorld();
    await world.putRoom();
    const { answers, join } = createAsking(world);
    const bob = await world.device('bob');
    const enter = async () => {
      const joined = await join(bob);

      return { participantId: joined.participantId, large: [new WeakRef(joined), new WeakRef(joined.call)] };
    };
    const { participantId, large } = await enter();

    expect(answers.size).toBe(1);
    for (const answer of large) {
      expect(await isHeld(answer)).toBe(false);
    }
    expect(await join(bob)).toMatchObject({ participantId, call: { participants: [{ id: participantId }] } });
  });
});

describe('a request that may be carried out as often as it comes', () => {
  const consumerIds = ['consumer'];

  it.each([
    { name: 'setViewports', rest: { viewports: [{ consumerId: 'consumer', width: 640, height: 360 }] } },
    { name: 'setMaxReceiveBitrate', rest: { maxBitrate: null } },
    { name: 'resumeConsumers', rest: { consumerIds } },
    { name: 'pauseConsumers', rest: { consumerIds } },
    { name: 'closeConsumers', rest: { consumerIds } },
  ] as const)('has no answer kept in the place of one that may not: $name', async ({ name, rest }) => {
    const world = await createCallWorld();
    await world.putRoom();
    const { answers, join, ask } = createAsking(world);
    const bob = await world.device('bob');
    const { call } = await join(bob);

    for (const requestId of ['request-2', 'request-2', 'request-3']) {
      expect(await ask(bob, { name, requestId, data: { callId: call.id, ...rest } })).toEqual({});
    }
    expect(answers.size).toBe(1);
  });
});

describe('ids of client and request that are those of somebody else', () => {
  it.each([
    { stranger: 'another user', userId: 'mallory', applicationId: 'app' },
    { stranger: 'the same user id of another application', userId: 'bob', applicationId: 'other' },
  ])(
    'bring $stranger a place of their own, not the token of the other',
    async ({ userId, applicationId }) => {
      const world = await createCallWorld();
      await world.putRoom();
      await world.putRoom({ applicationId });
      const { join } = createAsking(world);
      const joined = await join(await world.device('bob'));
      const other = await join(await world.device(userId, { applicationId }));

      expect(other.participantId).not.toBe(joined.participantId);
      expect(other.resumeToken).not.toBe(joined.resumeToken);
      expect(other.call.id === joined.call.id).toBe(applicationId === 'app');
    },
  );
});
