import { limitsWith, type MediaOffer } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from './requestTable.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

/** How people stand to a group call that has rung most of them. */
const relations = [
  'caller',
  'answered',
  'ringing',
  'declined',
  'left',
  'canceled',
  'removed',
  'stranger',
  'neighbour',
  'guest',
  'anonymous',
] as const;

type Relation = (typeof relations)[number];

const requests = ['acceptCall', 'rejectCall', 'joinCall', 'leaveCall', 'addParticipants'] as const;

type Name = (typeof requests)[number];

/** Nobody learns of a call that has nothing to do with them, and a visitor not even whether there is one. */
const others = {
  stranger: 'call_not_found',
  neighbour: 'call_not_found',
  guest: 'forbidden',
  anonymous: 'forbidden',
} as const;

const answers: Readonly<Record<Name, Readonly<Record<Relation, Outcome>>>> = {
  // One invitation is answered once, whoever answered it and whatever came of it.
  acceptCall: {
    caller: 'invalid_state',
    answered: 'invalid_state',
    ringing: 'ok',
    declined: 'call_not_found',
    left: 'answered_elsewhere',
    canceled: 'call_not_found',
    removed: 'removed_from_call',
    ...others,
  },
  rejectCall: {
    caller: 'invalid_state',
    answered: 'invalid_state',
    ringing: 'ok',
    declined: 'call_not_found',
    left: 'answered_elsewhere',
    canceled: 'call_not_found',
    removed: 'removed_from_call',
    ...others,
  },
  // Whoever was rung may change their mind.
  joinCall: {
    caller: 'invalid_state',
    answered: 'invalid_state',
    ringing: 'ok',
    declined: 'ok',
    left: 'ok',
    canceled: 'ok',
    removed: 'removed_from_call',
    ...others,
  },
  leaveCall: {
    caller: 'ok',
    answered: 'ok',
    ringing: 'call_not_found',
    declined: 'call_not_found',
    left: 'call_not_found',
    canceled: 'call_not_found',
    removed: 'removed_from_call',
    ...others,
    guest: 'call_not_found',
    anonymous: 'call_not_found',
  },
  addParticipants: {
    caller: 'ok',
    answered: 'ok',
    ringing: 'call_not_found',
    declined: 'call_not_found',
    left: 'call_not_found',
    canceled: 'call_not_found',
    removed: 'removed_from_call',
    ...others,
    guest: 'call_not_found',
    anonymous: 'call_not_found',
  },
};

let sfu: TestSfu;
let media: MediaOffer;
const clients = new Map<Relation, TestClient>();
const callIds = new Map<Name, string>();

const clientOf = (relation: Relation): TestClient => {
  const client = clients.get(relation);
  if (client === undefined) {
    throw new Error(`There is no client for ${relation}.`);
  }

  return client;
};

beforeAll(async () => {
  sfu = await startTestSfu({ callSettings: { ringingTimeoutSeconds: 300 } });
  const limits = limitsWith({ callsPerDevice: 100 });
  await sfu.putApplication({ limits });
  await sfu.putApplication({ applicationId: 'app-2', limits });
  await sfu.connect('latecomer');
  const identity = (kind: 'guest' | 'anonymous') => ({ userId: kind, displayName: kind, kind });
  const grants = {
    neighbour: { applicationId: 'app-2' },
    guest: { identity: identity('guest'), guestOf: { roomId: 'room', role: 'presenter' as const } },
    anonymous: { identity: identity('anonymous') },
  };
  for (const relation of relations) {
    const grant = relation in grants ? grants[relation as keyof typeof grants] : {};
    clients.set(relation, await sfu.connect(relation, { grant }));
  }
  media = await clientOf('caller').offer();
  for (const name of requests) {
    callIds.set(name, await callOf());
  }
});

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

/** A call in which everybody stands as they are called. */
async function callOf(): Promise<string> {
  const callees = ['answered', 'ringing', 'declined', 'left', 'canceled', 'removed'] as const;
  const caller = clientOf('caller');
  const { call } = await caller.enter('startCall', { callees: [...callees], media });
  const callId = call.id;
  const idOf = (userId: string): string =>
    call.participants.find(({ identity }) => identity.userId === userId)?.id ?? '';
  for (const relation of ['answered', 'left'] as const) {
    await clientOf(relation).enter('acceptCall', { callId, media });
  }
  await clientOf('left').request('leaveCall', { callId });
  await clientOf('declined').request('rejectCall', { callId });
  await caller.request('cancelRinging', { callId, participantId: idOf('canceled') });
  await caller.request('removeParticipant', { callId, participantId: idOf('removed') });

  return callId;
}

describe.for([...requests])('%s of a group call', (name) => {
  // The caller last: they may leave nobody behind.
  it.for(relations.toReversed())('is answered as the table says when asked by: %s', async (relation) => {
    const callId = callIds.get(name);
    const data = { callId, media, callees: ['latecomer'] };
    const answer = await clientOf(relation).send({ name, data });

    expect(answer.ok ? 'ok' : answer.error.code).toBe(answers[name][relation]);
  });
});
