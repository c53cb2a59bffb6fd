import { limitsWith, requestNames, type Role } from '@parley/protocol';
import type { SessionGrant } from '@parley/tokens';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, insiders, outsiders, type Relation, type Situation } from './requestTable.ts';
import { variants } from './requestVariants.ts';
import { opusParameters, vp8Parameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

const roleOf: Partial<Record<Relation, Role>> = {
  consumer: 'consumer',
  attendee: 'attendee',
  collaborator: 'collaborator',
  expired: 'presenter',
  presenter: 'presenter',
};

const guestGrant = (roomId: string): Partial<SessionGrant> => ({
  identity: { userId: 'guest', displayName: 'Guest', kind: 'guest' },
  scopes: ['rooms.join'],
  guestOf: { roomId, role: 'collaborator' },
});

const grantOf: Partial<Record<Relation, Partial<SessionGrant>>> = {
  neighbour: { applicationId: 'app-2' },
  passerby: {
    ...guestGrant('another-room'),
    identity: { userId: 'passerby', displayName: 'Passer-by', kind: 'guest' },
  },
  anonymous: { identity: { userId: 'anonymous', displayName: '', kind: 'anonymous' } },
};

/** What each request is asked in a call of its own: as it is, and about others. */
const cases = [
  ...requestNames.map((name) => ({ title: name as string, name, row: answers[name] })),
  ...Object.entries(variants).map(([title, row]) => ({ title, name: row.request, row })),
];

let sfu: TestSfu;
const clients = new Map<Relation, TestClient>();
const tokens = new Map<Relation, string>();
/** What each relation finds in the call that each request is tried in. */
const situations = new Map<string, Situation>();
/** A guest has a link to one room. */
const guests = new Map<string, TestClient>();

const clientOf = (relation: Relation, title: string): TestClient => {
  const client = relation === 'guest' ? guests.get(title) : clients.get(relation);
  if (client === undefined) {
    throw new Error(`There is no client for ${relation}.`);
  }

  return client;
};

/** A call for each request, in a room of its own: what one request does to it changes no answer of another. */
beforeAll(async () => {
  sfu = await startTestSfu({
    callSettings: { reconnectSeconds: 300, ringingTimeoutSeconds: 300 },
    callLimits: { ringsPerMinute: 10_000 },
  });
  const limits = limitsWith({
    callsPerDevice: 1_000,
    connectionsPerUser: 1_000,
    signalingRequestsPerSecond: 10_000,
  });
  await sfu.putApplication({ limits });
  await sfu.putApplication({ applicationId: 'app-2', limits });
  for (const callee of ['callee', ...insiders.map(rungFor)]) {
    await sfu.connect(callee);
  }
  const cast = {
    presenter: await sfu.connect('chair'),
    collaborator: await sfu.connect('aide'),
    attendee: await sfu.connect('victim'),
    consumer: await sfu.connect('onlooker'),
  };
  for (const relation of [...insiders, ...outsiders].filter((name) => name !== 'guest')) {
    const grant = grantOf[relation] ?? {};
    tokens.set(relation, await sfu.token(relation, grant));
    clients.set(relation, await sfu.connect(relation, { grant }));
  }
  // One after another: a machine with much to do answers in time what does not wait behind the others.
  for (const { title } of cases) {
    await prepare(title, cast);
  }
  await loseConnection();
  await letTokenRunOut();
}, 240_000);

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

const rungFor = (relation: Relation): string => `rung-for-${relation}`;

async function offerOf(client: TestClient) {
  return { ...(await client.offer()), sctpStreams: 16 };
}

async function prepare(title: string, cast: Readonly<Record<Role, TestClient>>): Promise<void> {
  const roomId = `room-${title.replaceAll(' ', '-')}`;
  const roster = {
    chair: 'presenter',
    aide: 'collaborator',
    victim: 'attendee',
    onlooker: 'consumer',
    ...roleOf,
  } as const;
  await sfu.putRoom({ roomId, roster });
  const visit = guestGrant(roomId);
  guests.set(title, await sfu.connect('guest', { grant: visit }));
  const join = async (client: TestClient) =>
    client.enter('joinRoom', { roomId, media: await offerOf(client) });
  const { presenter: chair, attendee: victim } = cast;
  const { call, participantId: chairId } = await join(chair);
  const callId = call.id;
  const victims = await join(victim);
  const { producerId } = await victim.request('produce', {
    callId,
    transportId: victims.media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });
  const others = {
    presenter: chairId,
    collaborator: (await join(cast.collaborator)).participantId,
    attendee: victims.participantId,
    consumer: (await join(cast.consumer)).participantId,
  };
  const lost = await join(clientOf('lost', title));
  const removed = await join(clientOf('removed', title));
  await chair.request('removeParticipant', { callId, participantId: removed.participantId });
  const places = new Map<Relation, Pick<Situation, 'ownId' | 'transportId' | 'ownProducerId'>>([
    ['lost', placeOf(lost)],
    ['removed', placeOf(removed)],
  ]);
  for (const relation of insiders) {
    const client = clientOf(relation, title);
    const joined = await join(client);
    const ownProducerId = relation === 'consumer' ? 'none' : await sendCamera(client, callId, joined);
    places.set(relation, { ...placeOf(joined), ownProducerId });
  }
  // From here on the room has a lobby; who is inside stays, and who is rung in passes it.
  await sfu.putRoom({ roomId, roster, lobby: true });
  const waiting = await clientOf('waiting', title).request('joinRoom', {
    roomId,
    media: await offerOf(clientOf('waiting', title)),
  });
  const waitingId = waiting.action === 'lobby' ? waiting.participantId : '';
  const { added } = await chair.request('addParticipants', {
    callId,
    callees: ['ringing', ...insiders.map(rungFor)],
  });
  const rung = new Map(added.map(({ userId, participantId }) => [userId, participantId]));
  for (const relation of [...insiders, ...outsiders]) {
    situations.set(`${title} ${relation}`, {
      roomId,
      callId,
      media: await offerOf(clientOf(relation, title)),
      token: relation === 'guest' ? await sfu.token('guest', visit) : (tokens.get(relation) ?? ''),
      victimId: victims.participantId,
      producerId,
      others,
      rungId: rung.get(rungFor(relation)) ?? rung.get('ringing') ?? '',
      waitingId,
      ownId: '',
      transportId: 'none',
      ownProducerId: 'none',
      ...places.get(relation),
    });
  }
}

type Entered = Awaited<ReturnType<TestClient['enter']>>;

function placeOf({ participantId, media }: Entered) {
  return { ownId: participantId, transportId: media.sendTransport.id, ownProducerId: 'none' };
}

async function sendCamera(client: TestClient, callId: string, { media }: Entered): Promise<string> {
  const { producerId } = await client.request('produce', {
    callId,
    transportId: media.sendTransport.id,
    source: 'camera',
    rtpParameters: vp8Parameters(),
    paused: false,
  });

  return producerId;
}

/** The connection of `lost` breaks, and another one is there which has not resumed anything. */
async function loseConnection(): Promise<void> {
  const presenter = clients.get('presenter');
  clients.get('lost')?.drop();
  for (const _ of cases) {
    await presenter?.next('participantStateChanged');
  }
  clients.set('lost', await sfu.connect('lost'));
}

/** The token of `expired` is good while its user enters all the calls, and is replaced by one that soon is not. */
async function letTokenRunOut(): Promise<void> {
  const client = clients.get('expired');
  const token = await sfu.token('expired', { expiresInSeconds: 2 });
  await client?.request('refreshToken', { token });
  await client?.next('tokenExpired');
  for (const { title } of cases) {
    const situation = situations.get(`${title} expired`);
    if (situation !== undefined) {
      situations.set(`${title} expired`, { ...situation, token });
    }
  }
}

it('the table has a row for every request', () => {
  expect(Object.keys(answers).toSorted()).toEqual([...requestNames].toSorted());
});

describe.for(cases)('$title', ({ title, name, row }) => {
  // Outsiders first, then from the least role to the most: the last one may well end the call.
  it.for([...outsiders, ...insiders])('is answered as the table says when asked by: %s', async (relation) => {
    const situation = situations.get(`${title} ${relation}`);
    const data = situation && row.data(situation);
    const answer = await clientOf(relation, title).send({ name, data });

    expect(answer.ok ? 'ok' : answer.error.code).toBe(row[relation]);
  });
});
