import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Joined, RequestAnswer } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptCallSchema, type KeptCall } from '../src/calls/recovery/keptCall.ts';
import { opusParameters } from './support/rtpParameters.ts';
import { SfuProcess } from './support/SfuProcess.ts';
import type { TestClient } from './support/TestClient.ts';

type Rejoined = Extract<RequestAnswer<'resume'>, { action: 'rejoin' }>;

/** Other than those of the node. */
const settings = { ringingTimeoutSeconds: 50, aloneTimeoutSeconds: 40 };

let sfu: SfuProcess;
let alice: TestClient;
let bob: TestClient;
let carol: TestClient;
let dave: TestClient;
let ofAlice: Joined;
let ofBob: Joined;
let ofCarol: Joined;
let callId: string;

/** Alice, Bob, Carol and Dave are in a group call. */
beforeEach(async () => {
  sfu = await SfuProcess.create();
  await sfu.start();
  alice = await sfu.connect('alice');
  bob = await sfu.connect('bob');
  carol = await sfu.connect('carol');
  dave = await sfu.connect('dave');
  const callees = ['bob', 'carol', 'dave'];
  ofAlice = await alice.enter('startCall', { callees, settings, media: await alice.offer() });
  callId = ofAlice.call.id;
  ofBob = await answer(bob);
  ofCarol = await answer(carol);
  await answer(dave);
});

afterEach(async () => {
  await sfu[Symbol.asyncDispose]();
});

async function answer(client: TestClient): Promise<Joined> {
  return client.enter('acceptCall', { callId, media: await client.offer() });
}

async function sendMicrophone(client: TestClient, { media }: Joined): Promise<string> {
  const transportId = media.sendTransport.id;
  const microphone = { source: 'microphone', rtpParameters: opusParameters(), paused: false } as const;

  return (await client.request('produce', { callId, transportId, ...microphone })).producerId;
}

/** What the journal says of the call, or of one in it. */
async function journal(userId?: string): Promise<unknown> {
  const text = await readFile(join(sfu.stateDir, `${callId}.json`), 'utf8').catch(() => undefined);
  const call: KeptCall | undefined = text === undefined ? undefined : keptCallSchema.parse(JSON.parse(text));

  return userId === undefined ? call : call?.participants.find(({ identity }) => identity.userId === userId);
}

/** Nothing else changes before it is written: each change is a reason to write by itself. */
const journalOf = (userId?: string) => expect.poll(() => journal(userId), { timeout: 5_000 });

/** Two processes are started one after another, each with its worker. */
const patience = { timeout: 60_000 };

it(
  'a group call goes on after a kill with everything that was changed in it, however late',
  patience,
  async () => {
    const [bobsId, carolsId] = [ofBob.participantId, ofCarol.participantId];
    const producerId = await sendMicrophone(bob, ofBob);
    const carolsMicrophone = await sendMicrophone(carol, ofCarol);
    await journalOf('carol').toMatchObject({ producers: [{ id: carolsMicrophone }] });
    await bob.request('pauseProducer', { callId, producerId });
    await journalOf('bob').toMatchObject({ producers: [{ paused: true }] });
    await bob.request('resumeProducer', { callId, producerId });
    await journalOf('bob').toMatchObject({ producers: [{ paused: false }] });
    await bob.request('pauseProducer', { callId, producerId });
    await carol.request('closeProducer', { callId, producerId: carolsMicrophone });
    await journalOf('carol').toMatchObject({ producers: [] });
    await bob.request('raiseHand', { callId });
    await journalOf('bob').toHaveProperty('handRaisedAtMs');
    await alice.request('lowerHand', { callId, participantId: bobsId });
    await journalOf('bob').not.toHaveProperty('handRaisedAtMs');
    await carol.request('holdCall', { callId });
    await journalOf('carol').toMatchObject({ isOnHold: true });
    await alice.request('changeRole', { callId, participantId: bobsId, role: 'attendee' });
    await journalOf('bob').toMatchObject({ role: 'attendee' });
    await alice.request('setSpotlight', { callId, participantIds: [carolsId] });
    await journalOf().toMatchObject({ features: { spotlight: [carolsId] } });
    await alice.request('setCustomData', { callId, items: { subject: 'lunch' } });
    await journalOf().toMatchObject({ features: { customData: { subject: 'lunch' } } });
    await dave.request('leaveCall', { callId });
    await sfu.connect('erin');
    const { added } = await alice.request('addParticipants', { callId, callees: ['erin'] });
    const [erinsId] = added.map(({ participantId }) => participantId);
    await journalOf().toMatchObject({ ringing: [erinsId] });
    await bob.request('refreshToken', { token: await sfu.token('bob', { grantId: 'newer' }) });
    await journalOf('bob').toMatchObject({ token: { grantId: 'newer' } });
    await sfu.stop('SIGKILL');
    await sfu.start();

    const back = await sfu.resume(alice, ofAlice, 'alice');
    await sfu.resume(bob, ofBob, 'bob');
    const { answer: answered } = await sfu.resume(carol, ofCarol, 'carol');
    const call = (answered as Rejoined).snapshot?.call;
    const identities = ['alice', 'bob', 'carol'].map((userId) => ({ identity: { userId } }));
    expect(call?.participants).toMatchObject(identities);
    expect(call).toMatchObject({
      kind: 'group',
      settings: { ...settings, reconnectSeconds: 8 },
      spotlight: [carolsId],
      customData: { subject: 'lunch' },
      participants: [
        { role: 'presenter' },
        { role: 'attendee', isOnHold: false, producers: [{ id: producerId, paused: true }] },
        { role: 'collaborator', isOnHold: true, producers: [] },
      ],
    });
    expect(call?.participants[1]).not.toHaveProperty('handRaisedAtMs');
    expect(sfu.events.filter(({ name }) => name === 'participantLeft').slice(1)).toMatchObject([
      { participantId: erinsId, reason: 'canceled' },
    ]);

    const daveAgain = await sfu.connect('dave');
    await daveAgain.enter('joinCall', { callId, media: await daveAgain.offer() });
    await back.client.next('participantJoined');
  },
);
