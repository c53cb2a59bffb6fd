import { limitsWith, requestNames, type RequestName, type Role } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, insiders, outsiders, type Relation, type Situation } from './requestTable.ts';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const roleOf: Partial<Record<Relation, Role>> = {
  consumer: 'consumer',
  attendee: 'attendee',
  collaborator: 'collaborator',
  expired: 'presenter',
  presenter: 'presenter',
};

let sfu: TestSfu;
const clients = new Map<Relation, TestClient>();
const tokens = new Map<Relation, string>();
/** What each relation finds in the call that each request is tried in. */
const situations = new Map<string, Situation>();

const clientOf = (relation: Relation): TestClient => {
  const client = clients.get(relation);
  if (client === undefined) {
    throw new Error(`There is no client for ${relation}.`);
  }

  return client;
};

/** A call for each request, in a room of its own: what one request does to it changes no answer of another. */
beforeAll(async () => {
  sfu = await startTestSfu({ callSettings: { reconnectSeconds: 300 } });
  const limits = limitsWith({ callsPerDevice: 1_000, signalingRequestsPerSecond: 10_000 });
  await sfu.putApplication({ limits });
  await sfu.putApplication({ applicationId: 'app-2', limits });
  await sfu.connect('callee');
  const chair = await sfu.connect('chair');
  const victim = await sfu.connect('victim');
  for (const relation of [...insiders, ...outsiders]) {
    const grant = relation === 'neighbour' ? { applicationId: 'app-2' } : {};
    tokens.set(relation, await sfu.token(relation, grant));
    clients.set(relation, await sfu.connect(relation, { grant }));
  }
  // One after another: a machine with much to do answers in time what does not wait behind the others.
  for (const name of requestNames) {
    await prepare(name, { chair, victim });
  }
  await loseConnection();
  await letTokenRunOut();
}, 240_000);

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

async function offerOf(client: TestClient) {
  return { ...(await client.offer()), sctpStreams: 16 };
}

async function prepare(
  name: RequestName,
  { chair, victim }: { chair: TestClient; victim: TestClient },
): Promise<void> {
  const roomId = `room-${name}`;
  const roster = { chair: 'presenter', victim: 'attendee', ...roleOf } as const;
  await sfu.putRoom({ roomId, roster });
  const join = async (client: TestClient) =>
    client.enter('joinRoom', { roomId, media: await offerOf(client) });
  const { call } = await join(chair);
  const callId = call.id;
  const victims = await join(victim);
  const { producerId } = await victim.request('produce', {
    callId,
    transportId: victims.media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });
  const lost = await join(clientOf('lost'));
  const removed = await join(clientOf('removed'));
  await chair.request('removeParticipant', { callId, participantId: removed.participantId });
  const places = new Map<Relation, { ownId: string; transportId: string }>([
    ['lost', { ownId: lost.participantId, transportId: lost.media.sendTransport.id }],
    ['removed', { ownId: removed.participantId, transportId: removed.media.sendTransport.id }],
  ]);
  for (const relation of insiders) {
    const { participantId, media } = await join(clientOf(relation));
    places.set(relation, { ownId: participantId, transportId: media.sendTransport.id });
  }
  // From here on the room has a lobby; who is inside stays.
  await sfu.putRoom({ roomId, roster, lobby: true });
  const waiting = await clientOf('waiting').request('joinRoom', {
    roomId,
    media: await offerOf(clientOf('waiting')),
  });
  const waitingId = waiting.action === 'lobby' ? waiting.participantId : '';
  for (const relation of [...insiders, ...outsiders]) {
    situations.set(`${name} ${relation}`, {
      roomId,
      callId,
      media: await offerOf(clientOf(relation)),
      token: tokens.get(relation) ?? '',
      victimId: victims.participantId,
      producerId,
      waitingId,
      ownId: '',
      transportId: 'none',
      ...places.get(relation),
    });
  }
}

/** The connection of `lost` breaks, and another one is there which has not resumed anything. */
async function loseConnection(): Promise<void> {
  clientOf('lost').drop();
  for (const _ of requestNames) {
    await clientOf('presenter').next('participantStateChanged');
  }
  clients.set('lost', await sfu.connect('lost'));
}

/** The token of `expired` is good while its user enters all the calls, and is replaced by one that soon is not. */
async function letTokenRunOut(): Promise<void> {
  const client = clientOf('expired');
  const token = await sfu.token('expired', { expiresInSeconds: 2 });
  await client.request('refreshToken', { token });
  await client.next('tokenExpired');
  for (const name of requestNames) {
    const situation = situations.get(`${name} expired`);
    if (situation !== undefined) {
      situations.set(`${name} expired`, { ...situation, token });
    }
  }
}

it('the table has a row for every request', () => {
  expect(Object.keys(answers).toSorted()).toEqual([...requestNames].toSorted());
});

describe.for([...requestNames])('%s', (name) => {
  // Outsiders first, then from the least role to the most: the last one may well end the call.
  it.for([...outsiders, ...insiders])('is answered as the table says when asked by: %s', async (relation) => {
    const situation = situations.get(`${name} ${relation}`);
    const data = situation && answers[name].data(situation);
    const answer = await clientOf(relation).send({ name, data });

    expect(answer.ok ? 'ok' : answer.error.code).toBe(answers[name][relation]);
  });
});
