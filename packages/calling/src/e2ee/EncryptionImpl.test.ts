import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { encryptedCall } from '../testing/encryptedCall.ts';
import { FakeServer, joined, participant } from '../testing/FakeServer.ts';
import { createTestEncryption, type FakeWorker } from '../testing/FakeWorker.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const key = new Uint8Array(32).fill(1);
const bobsId = 'bob-1';

const asSender = (name: string): RTCRtpSender => ({ name }) as unknown as RTCRtpSender;

describe('one encryption', () => {
  it('is for one call at a time: a second one is not entered', async () => {
    const { encryption, client, server } = await encryptedCall();
    const asked = server.asked('joinRoom').length;

    const second = client.join({ roomId: 'room-2' }, { encryption });
    await nextTurn();

    expect(second.state).toBe('Disconnected');
    expect(server.asked('joinRoom')).toHaveLength(asked);
    expect(client.calls[0]?.state).toBe('Connected');
  });

  it('ends its worker with the call, and serves the next one with the keys it has', async () => {
    const { encryption, client, call, worker } = await encryptedCall();
    await encryption.setKey(key);
    const before = worker();
    await call.hangUp();
    expect(before.isTerminated).toBe(true);

    const next = client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    expect(next.state).toBe('Connected');
    expect(worker()).not.toBe(before);
    expect(worker().asked('send')).toHaveLength(1);
  });

  it('neither sends nor receives after the call', async () => {
    const { encryption, call } = await encryptedCall();
    const give = encryption.encrypt('camera', 'video/VP8');
    await call.hangUp();

    expect(() => give(asSender('late'))).toThrow(CallError);
  });
});

describe('a call whose worker cannot be had', () => {
  it.each([
    ['fails', (worker: FakeWorker) => worker.crash(), 0],
    ['says nothing for 15 s', () => {}, 15_000],
  ] as const)('because it %s is not entered', async (_how, opens, passing) => {
    const parts = createTestEncryption({ opens });
    const server = new FakeServer();
    const { client } = await createTestClient({ server });
    const call = client.join({ roomId: 'room-1' }, { encryption: parts.encryption });
    await nextTurn();
    parts.clock.pass(passing);
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(call.callEndReason?.message).toContain('must be of the origin of the page; see workerUrl');
    expect(server.asked('joinRoom')).toEqual([]);
  });
});

describe('a worker that stops', () => {
  it('is replaced by one that knows the keys and has all senders and receivers', async () => {
    const { encryption, worker, workers, attached } = await encryptedCall();
    await encryption.setKey(key);
    const sender = asSender('camera');
    encryption.encrypt('camera', 'video/VP8')(sender);

    worker().crash();
    await nextTurn();

    expect(workers).toHaveLength(2);
    expect(workers[0]?.isTerminated).toBe(true);
    expect(worker().asked('send')).toHaveLength(1);
    expect(attached.at(-1)).toMatchObject({ target: sender, options: { operation: 'encrypt' } });
    expect(attached.at(-1)?.worker).toBe(workers[1]);
    expect(encryption.state).toBe('Encrypting');
  });

  it('is replaced by one that is not given what has ended', async () => {
    const { encryption, worker, attached } = await encryptedCall();
    const stop = encryption.encrypt('camera', 'video/VP8')(asSender('camera'));

    stop();
    worker().crash();
    await nextTurn();

    expect(attached).toHaveLength(1);
  });

  it.each([
    ['for the fourth time', true, 4],
    ['where frames can be given away once', false, 1],
  ])('%s is the end: nothing can be sent any more', async (_when, isRepeatable, times) => {
    const { encryption, worker, workers } = await encryptedCall({ isRepeatable });
    await encryption.setKey(key);
    const states: string[] = [];
    encryption.on('stateChanged', () => states.push(encryption.state));

    for (let crash = 0; crash < times; crash += 1) {
      worker().crash();
    }

    expect(states).toEqual(['Failed']);
    expect(workers.every(({ isTerminated }) => isTerminated)).toBe(true);
    expect(() => encryption.encrypt('camera', 'video/VP8')(asSender('camera'))).toThrow(CallError);
  });
});

describe('a sender', () => {
  it('is given to the worker with its codec and source', async () => {
    const { encryption, attached } = await encryptedCall();

    encryption.encrypt('screenAudio', 'audio/opus')(asSender('sound'));

    expect(attached.map(({ options }) => options)).toMatchObject([
      { operation: 'encrypt', codec: 'opus', source: 'screenAudio' },
    ]);
  });

  it.each(['video/H264', 'video/AV1', 'video/H265', ''])('of %s is refused', async (mimeType) => {
    const { encryption } = await encryptedCall();

    expect(() => encryption.encrypt('camera', mimeType)).toThrow(
      expect.objectContaining({ code: 'not_supported' }) as Error,
    );
  });
});

describe('participantsUpdated', () => {
  it('tells who comes after this page and who leaves, not whom it found there, nor who only rings', async () => {
    const { server, updates } = await encryptedCall();
    const callId = 'call-1';
    expect(updates).toEqual([]);

    server.notify('participantJoined', { callId, participant: participant('carol', 'ringing') });
    expect(updates).toEqual([]);
    server.notify('participantJoined', { callId, participant: participant('carol') });
    server.notify('participantJoined', { callId, participant: participant('dave', 'ringing') });
    server.notify('participantLeft', { callId, participantId: 'dave-1', reason: 'no_answer' });
    server.notify('participantStateChanged', { callId, participantId: bobsId, state: 'reconnecting' });
    server.notify('participantLeft', { callId, participantId: bobsId, reason: 'hangup' });

    expect(updates).toEqual(['+carol', '-bob']);
  });

  it('comes when the keys of who has left are forgotten', async () => {
    const { encryption, server, worker } = await encryptedCall();
    await encryption.setKey(key, { participantId: bobsId });

    server.notify('participantLeft', { callId: 'call-1', participantId: bobsId, reason: 'hangup' });

    expect(worker().asked('forgetKeys')).toEqual([{ name: 'forgetKeys', owner: bobsId }]);
    await expect(encryption.fingerprint(bobsId)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('does not tell of those who were there when this page was let in from the lobby', async () => {
    const callId = 'call-1';
    const server = new FakeServer();
    server.on('joinRoom', () => ({
      action: 'lobby',
      participantId: 'alice-1',
      resumeToken: 'resume-token-lobby',
      sequence: 0,
      call: { id: callId, roomId: 'room-1' },
    }));
    const { encryption } = createTestEncryption();
    const updates: string[] = [];
    encryption.on('participantsUpdated', ({ added }) =>
      updates.push(...added.map(({ identity }) => identity.id)),
    );
    const { client } = await createTestClient({ server });
    const call = client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    server.notify('admitted', { callId, joined: { ...joined('room', 'connected'), sequence: 1 } });
    await nextTurn();
    expect(call.remoteParticipants).toHaveLength(1);
    expect(updates).toEqual([]);
    server.notify('participantJoined', { callId, participant: participant('carol') });

    expect(updates).toEqual(['carol']);
  });
});
