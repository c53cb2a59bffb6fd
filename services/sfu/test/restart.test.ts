import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Joined, RequestAnswer } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { opusParameters } from './support/rtpParameters.ts';
import { SfuProcess } from './support/SfuProcess.ts';
import type { TestClient } from './support/TestClient.ts';

type Rejoined = Extract<RequestAnswer<'resume'>, { action: 'rejoin' }>;

let sfu: SfuProcess;
let alice: TestClient;
let bob: TestClient;
let ofAlice: Joined;
let ofBob: Joined;
let callId: string;

beforeEach(async () => {
  sfu = await SfuProcess.create();
  await sfu.start();
  alice = await sfu.connect('alice');
  bob = await sfu.connect('bob');
  ofAlice = await enter(alice);
  ofBob = await enter(bob);
  callId = ofAlice.call.id;
  await alice.next('participantJoined');
});

afterEach(async () => {
  await sfu[Symbol.asyncDispose]();
});

async function enter(client: TestClient): Promise<Joined> {
  return client.enter('joinRoom', { roomId: 'room', media: await client.offer() });
}

/** Several processes are started one after another, each with its worker. */
const patience = { timeout: 60_000 };

function produce(client: TestClient, transportId: string): Promise<{ producerId: string }> {
  const source = 'microphone';

  return client.request('produce', {
    callId,
    transportId,
    source,
    rtpParameters: opusParameters(),
    paused: false,
  });
}

/** What the journal says of the call, once it says so. */
async function journal(says: string): Promise<string> {
  const path = join(sfu.stateDir, `${callId}.json`);
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain(says);

  return readFile(path, 'utf8');
}

async function names(): Promise<string[]> {
  return (await readdir(sfu.stateDir)).filter((name) => name !== 'pulse');
}

describe('an sfu that is killed and started again', patience, () => {
  it('has its clients back in the same call at once when it listens, under the same ids, and starts no other', async () => {
    const { producerId } = await produce(bob, ofBob.media.sendTransport.id);
    await alice.next('producerAdded');
    await bob.request('raiseHand', { callId });
    await alice.request('sendChat', { callId, text: 'still here' });
    await journal('still here');

    const killedAtMs = Date.now();
    await sfu.stop('SIGKILL');
    await sfu.start();
    const listeningAtMs = Date.now();
    const [forAlice, forBob] = await Promise.all([
      sfu.resume(alice, ofAlice, 'alice'),
      sfu.resume(bob, ofBob, 'bob'),
    ]);
    // Starting a process takes what the machine has left; what is ours comes after it.
    expect(Date.now() - listeningAtMs).toBeLessThan(2_500);
    process.stdout.write(`Back in the call ${Date.now() - killedAtMs} ms after the sfu was killed.\n`);

    for (const { answer } of [forAlice, forBob]) {
      expect(answer).toMatchObject({
        action: 'rejoin',
        missed: [],
        snapshot: { call: { id: callId, state: 'connected', chat: [{ text: 'still here' }] } },
      });
    }
    const rejoined = forBob.answer as Rejoined;
    const participants = rejoined.snapshot?.call.participants ?? [];
    expect(participants.map(({ id }) => id)).toEqual([ofAlice.participantId, ofBob.participantId]);
    expect(participants[1]).toMatchObject({
      role: 'collaborator',
      handRaisedAtMs: expect.any(Number),
      producers: [{ id: producerId, source: 'microphone' }],
    });

    // The client sends again what it sent, and it is the same to the others.
    const again = await produce(forBob.client, rejoined.media.sendTransport.id);
    expect(again.producerId).toBe(producerId);
    expect(forAlice.client.unread).not.toContain('participantLeft');
    await forBob.client.request('leaveCall', { callId });
    await forAlice.client.request('leaveCall', { callId });
    await expect.poll(() => sfu.events.at(-1)?.name).toBe('callEnded');
    const told = sfu.events.map(({ name }) => name);
    expect(told.filter((name) => name === 'callStarted')).toHaveLength(1);
    expect(told.filter((name) => name === 'participantJoined')).toHaveLength(2);
    expect(told.filter((name) => name === 'participantLeft')).toHaveLength(2);
    await expect.poll(names).toEqual([]);
  });

  it('lets nobody in again who was removed, and no token that was used up', async () => {
    const used = ofAlice;
    const { client: back, answer } = await sfu.resume(alice, ofAlice, 'alice');
    const { resumeToken } = answer as Extract<typeof answer, { action: 'resume' }>;
    await sfu.resume(back, { ...ofAlice, resumeToken }, 'alice');
    const mallory = await sfu.connect('mallory');
    const ofMallory = await enter(mallory);
    const { participantId } = ofMallory;
    const [chair] = [await sfu.resume(back, { ...ofAlice, resumeToken }, 'alice')];
    await chair.client.request('removeParticipant', { callId, participantId });
    await journal('"isOut":true');
    await sfu.stop('SIGKILL');
    await sfu.start();

    expect((await sfu.resume(mallory, ofMallory, 'mallory')).answer).toMatchObject({ action: 'stop' });
    const again = await sfu.connect('mallory');
    const request = { name: 'joinRoom', data: { roomId: 'room', media: await again.offer() } };
    expect(await again.refusal(request)).toBe('removed_from_call');
    expect((await sfu.resume(alice, used, 'alice')).answer).toMatchObject({ action: 'stop' });
  });

  it('lets somebody who was removed and rung in again do what their role allows', async () => {
    const dave = await sfu.connect('dave');
    const { participantId } = await enter(dave);
    await alice.request('removeParticipant', { callId, participantId });
    await alice.request('addParticipants', { callId, callees: ['dave'] });
    await dave.next('incomingCall');
    const ofDave = await dave.enter('acceptCall', { callId, media: await dave.offer() });
    // The id alone is there since they rang.
    await journal(`"id":"${ofDave.participantId}"`);
    await sfu.stop('SIGKILL');
    await sfu.start();

    const { client, answer } = await sfu.resume(dave, ofDave, 'dave');
    expect(answer).toMatchObject({ action: 'rejoin' });
    const { added } = await client.request('addParticipants', { callId, callees: ['alice'] });
    expect(added).toEqual([{ userId: 'alice', participantId: ofAlice.participantId }]);
  });

  it('gives up a call in which nobody comes back', async () => {
    await journal(ofBob.participantId);
    await sfu.stop('SIGKILL');
    await sfu.start();
    const left = () => sfu.events.filter(({ name }) => name === 'participantLeft' || name === 'callEnded');
    expect(left()).toEqual([]);

    await expect.poll(left, { timeout: 15_000 }).toMatchObject([
      { name: 'participantLeft', reason: 'connection_lost' },
      { name: 'participantLeft', reason: 'connection_lost' },
      { name: 'callEnded', callId, reason: 'connection_lost' },
    ]);
    await expect.poll(names).toEqual([]);
  });

  it('ends the calls it left too long ago, and their records with them', async () => {
    await journal(ofBob.participantId);
    await sfu.stop('SIGKILL');
    const longAgo = new Date(Date.now() - 61_000);
    await utimes(join(sfu.stateDir, 'pulse'), longAgo, longAgo);
    await sfu.start();

    expect((await sfu.resume(alice, ofAlice, 'alice')).answer).toEqual({
      action: 'stop',
      reason: 'connection_lost',
    });
    await expect.poll(() => sfu.events.at(-1)).toMatchObject({ name: 'callEnded', callId });
    await expect.poll(names).toEqual([]);
  });

  it('ends a call of which nobody is left to come back', async () => {
    const text = await journal(ofBob.participantId);
    await sfu.stop('SIGKILL');
    const call = { ...(JSON.parse(text) as object), participants: [] };
    await writeFile(join(sfu.stateDir, `${callId}.json`), JSON.stringify(call));
    await sfu.start();

    await expect.poll(names).toEqual([]);
    expect(sfu.events.at(-1)).toMatchObject({ name: 'callEnded', callId });
  });

  it('skips aloud what it cannot read, and goes on with the rest', async () => {
    await journal(ofBob.participantId);
    await sfu.stop('SIGKILL');
    await writeFile(join(sfu.stateDir, 'torn.json'), '{"version":1,"id":');
    await writeFile(join(sfu.stateDir, 'other.json.draft'), '{}');
    await sfu.start();

    expect((await sfu.resume(alice, ofAlice, 'alice')).answer).toMatchObject({ action: 'rejoin' });
    expect(sfu.log.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
    // A page of the call that goes on may just be written anew, beside the one before.
    await expect
      .poll(async () => (await names()).toSorted())
      .toEqual([`${callId}.json`, 'torn.json.unreadable'].toSorted());
  });
});

describe('the journal', patience, () => {
  it('is private, and holds no token that lets anybody in', async () => {
    const text = await journal(ofBob.participantId);

    expect((await stat(sfu.stateDir)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(sfu.stateDir)) {
      expect([name, (await stat(join(sfu.stateDir, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(text).not.toContain(ofAlice.resumeToken);
    expect(text).not.toContain(ofBob.resumeToken);
  });
});

describe('an sfu that is stopped and started again', patience, () => {
  it('ends no call that it can go on with, and keeps what happened in the last moment', async () => {
    await journal(ofBob.participantId);
    await alice.request('sendChat', { callId, text: 'the last word' });
    await sfu.stop('SIGTERM');
    for (const client of [alice, bob]) {
      expect(await client.next('sessionEnded')).toMatchObject({ code: 'unavailable' });
      expect(client.unread).not.toContain('callEnded');
    }
    expect(sfu.log.filter((line) => line.includes('call kept'))).toHaveLength(1);
    await sfu.start();

    const back = await Promise.all([sfu.resume(alice, ofAlice, 'alice'), sfu.resume(bob, ofBob, 'bob')]);
    for (const { answer } of back) {
      expect(answer).toMatchObject({
        action: 'rejoin',
        snapshot: { call: { id: callId, chat: [{ text: 'the last word' }] } },
      });
    }
    await Promise.all(back.map(({ client }) => client.request('leaveCall', { callId })));
    await expect.poll(() => sfu.events.at(-1)?.name).toBe('callEnded');
    const told = sfu.events.map(({ name }) => name);
    const once = ['callStarted', 'callEnded'].map((name) => told.filter((one) => one === name).length);
    expect(once).toEqual([1, 1]);
    expect(told.filter((name) => name === 'participantLeft')).toHaveLength(2);
  });

  it('finds those who wait before a door where they were, also when nobody is behind it', async () => {
    const carol = await sfu.connect('carol');
    const waiting = await carol.request('joinRoom', { roomId: 'guarded', media: await carol.offer() });
    const { resumeToken, participantId } = waiting as { resumeToken: string; participantId: string };
    const guarded = 'call' in waiting ? waiting.call.id : '';
    await expect
      .poll(() => readFile(join(sfu.stateDir, `${guarded}.json`), 'utf8').catch(() => ''))
      .toContain(participantId);
    await sfu.stop('SIGTERM');
    expect(carol.unread).not.toContain('callEnded');
    await sfu.start();

    const back = await sfu.connect('carol', { clientId: carol.clientId });
    const answer = await back.request('resume', { callId: guarded, resumeToken, sequence: 0 });
    expect(answer).toMatchObject({ action: 'lobby' });
    const chair = await sfu.connect('alice');
    const entered = await chair.enter('joinRoom', { roomId: 'guarded', media: await chair.offer() });
    expect(entered.call).toMatchObject({ id: guarded, lobby: [{ participantId }] });
    await chair.request('admitParticipants', { callId: guarded, participantIds: [participantId] });
    expect(await back.next('admitted')).toMatchObject({ joined: { participantId, call: { id: guarded } } });
  });

  it('ends with server_ended what it cannot go on with: a call that only rings', async () => {
    await journal(ofBob.participantId);
    const [carol, dave] = [await sfu.connect('carol'), await sfu.connect('dave')];
    const ringing = await carol.enter('startCall', { callees: ['dave'], media: await carol.offer() });
    await dave.next('incomingCall');
    await sfu.stop('SIGTERM');

    expect(await carol.next('callEnded')).toMatchObject({ reason: 'server_ended' });
    expect(await dave.next('incomingCallEnded')).toMatchObject({ reason: 'server_ended' });
    expect(await names()).toEqual([`${callId}.json`]);
    await sfu.start();
    const ended = sfu.events.filter(({ name }) => name === 'callEnded');
    expect(ended).toMatchObject([{ callId: ringing.call.id, reason: 'server_ended' }]);
  });
});
