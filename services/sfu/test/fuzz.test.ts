import {
  answerEnvelopeSchema,
  errorCodes,
  limitsWith,
  requestNames,
  type AnswerEnvelope,
} from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answers, type Situation } from './requestTable.ts';
import { Bystander } from './support/Bystander.ts';
import { mutate } from './support/mutate.ts';
import { Random } from './support/Random.ts';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';
import { workerPids } from './support/workerPids.ts';

const messages = Number(process.env.PARLEY_FUZZ_MESSAGES ?? 100_000);
const seed = Number(process.env.PARLEY_FUZZ_SEED ?? 20_260);

/** How many requests are under way at a time. */
const batch = 50;

const random = new Random(seed);
const outcomes = new Map<string, number>();

let sfu: TestSfu;
let alice: TestClient;
let bob: TestClient;
let workers: number[];
/** Of the call that nobody but Alice and Bob has to do with. */
let neighbours: { callId: string; producerId: string; ids: readonly [string, ...string[]] };

beforeAll(async () => {
  sfu = await startTestSfu();
  await sfu.putApplication({
    limits: limitsWith({
      signalingRequestsPerSecond: 100_000,
      callsPerDevice: 50,
      connectionsPerUser: 1_000,
    }),
  });
  workers = workerPids();
  [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
  await sfu.connect('callee');
  const hers = await alice.enter('startCall', { callees: ['bob'], media: await alice.offer() });
  const callId = hers.call.id;
  await bob.next('incomingCall');
  const his = await bob.enter('acceptCall', { callId, media: await bob.offer() });
  const { producerId } = await alice.request('produce', {
    callId,
    transportId: hers.media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });
  for (const name of ['participantJoined', 'callStateChanged'] as const) {
    await alice.next(name);
  }
  for (const name of ['producerAdded', 'consumersAdded'] as const) {
    await bob.next(name);
  }
  neighbours = {
    callId,
    producerId,
    ids: [callId, producerId, hers.participantId, his.participantId, hers.media.sendTransport.id],
  };
}, 60_000);

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

interface Attack extends Situation {
  readonly asker: TestClient;
  /** In the same call, and has no part in this. */
  readonly bystander: Bystander;
  readonly isPresenter: boolean;
}

let rooms = 0;
let mallory: TestClient | undefined;

/**
 * Mallory, under another name each time, in a call with a bystander: now as its presenter, where whatever she asks for is
 * carried out if it can be, and now as an attendee who knows the others' ids. The calls she was in before are over for her.
 */
async function situate(): Promise<Attack> {
  rooms += 1;
  const [roomId, userId] = [`room-${rooms}`, `mallory-${rooms}`];
  const isPresenter = rooms % 2 === 1;
  mallory?.socket.disconnect();
  mallory = await sfu.connect(userId);
  const token = await sfu.token(userId);
  await sfu.putRoom({
    roomId,
    roster: { [userId]: isPresenter ? 'presenter' : 'attendee', bystander: 'attendee' },
  });
  const media = { ...(await mallory.offer()), sctpStreams: 16 };
  const { call, ...place } = await mallory.enter('joinRoom', { roomId, media });
  const bystander = await Bystander.join(await sfu.connect('bystander'), roomId);
  const victimId = isPresenter ? place.participantId : bystander.participantId;

  return {
    asker: mallory,
    bystander,
    isPresenter,
    roomId,
    callId: call.id,
    media,
    token,
    ownId: place.participantId,
    transportId: place.media.sendTransport.id,
    victimId,
    producerId: isPresenter ? neighbours.producerId : bystander.producerId,
    ownProducerId: 'none',
    others: {
      presenter: place.participantId,
      collaborator: victimId,
      attendee: victimId,
      consumer: victimId,
    },
    rungId: 'nobody',
    waitingId: 'nobody',
  };
}

/** The bystander's call is as they were told, and they are in it as they were, but for what a presenter may do to all. */
async function expectBystanderUntouched({ bystander, isPresenter }: Attack): Promise<void> {
  const truth = await bystander.truth();
  expect(bystander.view).toEqual(truth ?? bystander.view);
  expect(bystander.endReason).toBe(truth === undefined && isPresenter ? 'ended_for_everyone' : undefined);
  expect(bystander.self).toEqual({
    id: bystander.participantId,
    identity: { userId: 'bystander', displayName: 'bystander', kind: 'user' },
    role: 'attendee',
    state: 'connected',
    isOnHold: false,
    producers: [{ id: bystander.producerId, source: 'microphone', paused: isPresenter && bystander.isMuted }],
  });
  bystander.leave();
}

/** A request as it should be, in this order or another, and for the most part with something wrong in it. */
function generate({ bystander, isPresenter, ...situation }: Attack): unknown {
  const { participantId, producerId } = bystander;
  const ids = isPresenter ? neighbours.ids : ([...neighbours.ids, participantId, producerId] as const);
  const name = random.pick(requestNames);
  const data = answers[name].data(situation);
  // What ends the call would leave nothing to try.
  const isHarmless = name !== 'leaveCall' && name !== 'endCall';
  if (isHarmless && random.onceIn(10)) {
    return { name, data };
  }
  if (random.onceIn(200)) {
    return { name, data: { ...data, padding: 'x'.repeat(70_000) } };
  }

  return random.onceIn(8)
    ? mutate({ name, data, requestId: `r${random.below(messages)}` }, random, ids)
    : { name, data: mutate(data, random, ids) };
}

function note(answer: AnswerEnvelope): void {
  const code = answer.ok ? 'ok' : answer.error.code;
  outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
}

/** Whatever was done, the neighbours' call works and they have heard of nothing. */
async function expectNeighboursUntouched(): Promise<void> {
  const { callId, producerId } = neighbours;
  await alice.request('pauseProducer', { callId, producerId });
  expect(await bob.next('producerPaused')).toMatchObject({ callId, producerId });
  await alice.request('resumeProducer', { callId, producerId });
  expect(await bob.next('producerResumed')).toMatchObject({ callId, producerId });
  expect([...alice.unread, ...bob.unread]).toEqual([]);
  expect(workerPids()).toEqual(workers);
  expect(errorsLogged()).toEqual([]);
}

const errorsLogged = (): string[] =>
  sfu.log.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);

it(
  `${messages} requests with something wrong in them (seed ${seed}) are answered with a code, and touch nobody else`,
  async () => {
    let situation = await situate();
    for (let sent = 0; sent < messages; sent += batch) {
      const requests = Array.from({ length: batch }, () => generate(situation));
      const raw = await Promise.all(requests.map((request) => situation.asker.send(request)));
      raw.map((answer) => answerEnvelopeSchema.parse(answer)).forEach(note);
      const known = raw.every((answer) => answer.ok || errorCodes.includes(answer.error.code));
      expect(known).toBe(true);
      if (sent % (batch * 10) === 0 || !(await isIn(situation))) {
        await expectBystanderUntouched(situation);
        situation = await situate();
      }
    }
    await expectBystanderUntouched(situation);
    await expectNeighboursUntouched();
    if (process.env.PARLEY_FUZZ_MESSAGES !== undefined) {
      process.stdout.write(`${JSON.stringify(Object.fromEntries(outcomes))}\n`);
    }
    // Not one has met a part of the server that did not expect it; and not all of them were refused at the door.
    expect(outcomes.get('internal')).toBeUndefined();
    const codes = ['ok', 'invalid_request', 'call_not_found', 'not_found', 'forbidden', 'payload_too_large'];
    for (const code of codes) {
      expect(outcomes.keys()).toContain(code);
    }
  },
  60_000 + messages * 10,
);

async function isIn({ asker, callId }: Attack): Promise<boolean> {
  return (await asker.refusal({ name: 'getSnapshot', data: { callId } })) === undefined;
}

/** One frame by hand: a request whose JSON no client library would write. */
function frame(situation: Situation): string {
  const name = random.pick(requestNames);
  const json = JSON.stringify(answers[name].data(situation));
  const { callId } = neighbours;
  switch (random.below(6)) {
    // What a parser makes of a key that comes twice is its own affair, but must be one of the two.
    case 0:
      return `["request",{"name":"${name}","name":"endCall","data":${json},"data":{"callId":"${callId}"}}]`;
    case 1:
      return `["request",{"name":"${name}","data":{"callId":"${callId}","callId":"${situation.callId}"}}]`;
    case 2:
      return `["request",{"name":"${name}","data":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`;
    case 3: {
      const text = `["request",{"name":"${name}","data":${json}}]`;

      return text.slice(0, random.below(text.length)) + random.pick(['', '}', '"', '\u0000', '[[[[']);
    }
    case 4: {
      const text = `["request",{"name":"${name}","data":${json}}]`;
      const at = random.below(text.length);

      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    }
    default:
      return `["request",{"name":"${name}","data":${json}},{"_placeholder":true,"num":${random.below(9)}}]`;
  }
}

it(
  'frames that are not requests are answered or end their own connection, and touch nobody else',
  async () => {
    const situation = await situate();
    let vandal = await sfu.connect('vandal');
    let closed = 0;
    for (let sent = 0; sent < Math.ceil(messages / 20); sent += 1) {
      const { engine } = vandal.socket.io;
      engine.write(`2${900_000 + sent}${frame(situation)}`);
      if (!(await isAlive(vandal))) {
        closed += 1;
        vandal = await sfu.connect('vandal');
      }
    }
    expect(closed).toBeGreaterThan(0);
    await expectBystanderUntouched(situation);
    await expectNeighboursUntouched();
  },
  60_000 + messages * 5,
);

/** Whether the connection goes on after what was sent over it: it answers, or it is closed. */
async function isAlive(client: TestClient): Promise<boolean> {
  return Promise.race([
    client.refusal({ name: 'leaveCall', data: { callId: 'none' } }).then((code) => code === 'call_not_found'),
    client.disconnected().then(() => false),
  ]).catch(() => false);
}
