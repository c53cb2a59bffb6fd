import { describe, expect, it, vi } from 'vitest';
import type { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import { CallError } from '../errors.ts';
import { joined, participant } from '../testing/FakeServer.ts';
import { FakeTrack } from '../testing/fakeMediaStream.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { Call } from './callTypes.ts';

const statesOf = (call: Call): string[] => {
  const states: string[] = [];
  call.on('stateChanged', () => states.push(call.state));

  return states;
};

async function connected() {
  const parts = await createTestClient();
  const call = parts.client.join({ roomId: 'room-1' });
  parts.server.on('joinRoom', () => joined('room', 'connected'));
  await nextTurn();

  return { ...parts, call };
}

describe('the life of an outgoing call', () => {
  it('goes from None over Connecting and Ringing to Connected, each told after the caller could subscribe', async () => {
    const { client, server } = await createTestClient();

    const call = client.call(['bob']);
    expect(call.state).toBe('None');
    const states = statesOf(call);
    await nextTurn();
    server.notify('callStateChanged', { callId: 'call-1', state: 'connected' });

    expect(states).toEqual(['Connecting', 'Ringing', 'Connected']);
    expect(call).toMatchObject({ id: 'call-1', kind: 'direct', direction: 'Outgoing', role: 'presenter' });
  });

  it('ends with a reason when the callee declines', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();

    server.notify('callEnded', { callId: 'call-1', reason: 'declined' });

    expect(call.state).toBe('Disconnected');
    expect(call.callEndReason).toMatchObject({ code: 603, subCode: 0, subcode: 0, name: 'declined' });
  });

  it.each([
    ['callee_busy', 'busy'],
    ['callee_offline', 'offline'],
    ['callee_not_found', 'not_found'],
    ['room_full', 'room_full'],
  ] as const)('ends, without a rejection, when the server answers %s', async (code, name) => {
    const { client, server, devices } = await createTestClient();
    server.on('startCall', () => {
      throw new CallError(code);
    });

    const call = client.call(['bob']);
    await nextTurn();

    expect(call.callEndReason?.name).toBe(name);
    expect(client.calls).toEqual([]);
    expect(devices.liveTracks).toEqual([]);
  });

  it('keeps what the server tells of a call before the answer that names it', async () => {
    const { client, server } = await createTestClient();
    server.on('startCall', async () => {
      server.notify('callEnded', { callId: 'call-1', reason: 'declined' });
      await nextTurn();

      return { ...joined('direct', 'ringing'), unreachable: [] };
    });

    const call = client.call(['bob']);
    await server.whenAsked('startCall');
    await nextTurn();
    await nextTurn();

    expect(call.callEndReason?.name).toBe('declined');
  });

  it('has its end reason and has left the collection when Disconnected is told', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();
    const seen: unknown[] = [];
    call.on('stateChanged', () => seen.push(call.callEndReason?.name, client.calls.length));

    server.notify('callEnded', { callId: 'call-1', reason: 'no_answer' });

    expect(seen).toEqual(['no_answer', 0]);
  });

  it("goes on when a listener throws, whose error reaches the page's own reporting", async () => {
    const { call, server } = await connected();
    const thrown: (() => void)[] = [];
    const reporting = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => thrown.push(run));
    let heard = 0;
    call.on('isSpeakingChanged', () => {
      throw new Error('the application has a fault');
    });
    call.on('isSpeakingChanged', () => (heard += 1));

    server.notify('speakersChanged', { callId: 'call-1', participantIds: ['alice-1', 'bob-1'] });
    reporting.mockRestore();

    expect(heard).toBe(1);
    expect(call.remoteParticipants[0]?.isSpeaking).toBe(true);
    expect(thrown).toHaveLength(1);
    expect(() => thrown[0]?.()).toThrow('the application has a fault');
  });

  it('ends with media_failed, and leaves, when no media path is found', async () => {
    const { call, media, server } = await connected();

    media.session.options.onFailed();

    expect(call.callEndReason?.name).toBe('media_failed');
    await expect(server.whenAsked('leaveCall')).resolves.toEqual({ callId: 'call-1' });
  });
});

describe('hangUp()', () => {
  it('asks the server nothing when the call has not begun', async () => {
    const { client, server, devices } = await createTestClient();

    const call = client.call(['bob']);
    await call.hangUp();
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(server.requests).toEqual([]);
    expect(devices.tracks).toEqual([]);
  });

  it('before the answer has come leaves as soon as the answer names the call', async () => {
    const { client, server, devices, media } = await createTestClient();
    const answer = Promise.withResolvers<void>();
    server.on('startCall', async () => {
      await answer.promise;

      return { ...joined('direct', 'ringing'), unreachable: [] };
    });
    const call = client.call(['bob']);
    await server.whenAsked('startCall');
    await nextTurn();
    expect(devices.liveTracks).toHaveLength(1);

    const hungUp = call.hangUp();
    expect(call.state).toBe('Disconnecting');
    expect(devices.liveTracks).toEqual([]);
    answer.resolve();
    await hungUp;

    expect(call.callEndReason?.name).toBe('hangup');
    expect(server.asked('leaveCall')).toEqual([{ callId: 'call-1' }]);
    expect(media.sessions).toEqual([]);
  });

  it('turns off a device that was still being asked for', async () => {
    const { client, devices } = await createTestClient();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const call = client.call(['bob'], { videoOptions: { camera: true } });
    await nextTurn();

    await call.hangUp();
    question.resolve();
    await nextTurn();

    expect(devices.tracks).not.toEqual([]);
    expect(devices.liveTracks).toEqual([]);
  });

  it('closes the media, leaves once, and may be called again', async () => {
    const { call, media, devices, server } = await connected();

    await Promise.all([call.hangUp(), call.hangUp()]);
    await call.hangUp();

    expect(media.session.isClosed).toBe(true);
    expect(devices.liveTracks).toEqual([]);
    expect(server.asked('leaveCall')).toHaveLength(1);
  });

  it('forEveryone ends the call for all', async () => {
    const { call, server } = await connected();

    await call.hangUp({ forEveryone: true });

    expect(server.asked('endCall')).toEqual([{ callId: 'call-1' }]);
    expect(call.callEndReason?.name).toBe('ended_for_everyone');
  });

  it('forEveryone leaves the call as it is when the server refuses', async () => {
    const { call, server } = await connected();
    server.on('endCall', () => {
      throw new CallError('forbidden');
    });

    await expect(call.hangUp({ forEveryone: true })).rejects.toMatchObject({ code: 'forbidden' });

    expect(call.state).toBe('Connected');
  });

  it('from a listener of the events of joining leaves nothing behind', async () => {
    const { client, server, media } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    call.on('remoteParticipantsUpdated', () => void call.hangUp());

    await server.whenAsked('leaveCall');
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(media.session.isClosed).toBe(true);
  });

  it('leaves a call whose answer came after its time', async () => {
    const { client, server, clock } = await createTestClient();
    const answer = Promise.withResolvers<void>();
    server.on('joinRoom', async () => {
      await answer.promise;

      return joined('room', 'connected');
    });
    const call = client.join({ roomId: 'room-1' });
    await server.whenAsked('joinRoom');

    clock.pass(10_000);
    await nextTurn();
    expect(call.callEndReason?.name).toBe('timeout');
    answer.resolve();

    await expect(server.whenAsked('leaveCall')).resolves.toEqual({ callId: 'call-1' });
  });
});

describe('the microphone', () => {
  it('is sent from the start, and the camera is not', async () => {
    const { call, media } = await connected();

    expect(media.session.sent.map(({ source, state }) => [source, state])).toEqual([
      ['microphone', 'sending'],
    ]);
    expect(call.isMuted).toBe(false);
    expect(call.isMicrophoneAvailable).toBe(true);
  });

  it('stops its packets on mute() and tells the others', async () => {
    const { call, media, server } = await connected();

    await call.mute();

    expect(call.isMuted).toBe(true);
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
    expect(server.asked('pauseProducer')).toEqual([{ callId: 'call-1', producerId: 'own-microphone' }]);

    await call.unmute();

    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
    expect(server.asked('resumeProducer')).toHaveLength(1);
  });

  it('begins paused with audioOptions.muted', async () => {
    const { client, media, server } = await createTestClient();

    client.join({ roomId: 'room-1' }, { audioOptions: { muted: true } });
    await nextTurn();

    expect(server.asked('produce')).toMatchObject([{ source: 'microphone', paused: true }]);
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
  });

  it('ends in the state asked for last, however fast mute() and unmute() follow each other', async () => {
    const { call, media } = await connected();

    await Promise.all([call.mute(), call.unmute(), call.mute()]);

    expect(call.isMuted).toBe(true);
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
  });

  it('stays muted when the server refuses the unmute', async () => {
    const { call, media, server } = await connected();
    await call.mute();
    server.on('resumeProducer', () => {
      throw new CallError('forbidden');
    });

    await expect(call.unmute()).rejects.toMatchObject({ code: 'forbidden' });

    expect(call.isMuted).toBe(true);
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
  });

  it.each([
    ['NotAllowedError', 'permission_denied'],
    ['NotFoundError', 'device_not_found'],
    ['NotReadableError', 'device_busy'],
  ])('that fails with %s is told as %s, and the call goes on', async (name, code) => {
    const { client, devices } = await createTestClient();
    devices.refusals.audio = name;
    const failures: MediaDeviceError[] = [];

    const call = client.join({ roomId: 'room-1' });
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));
    await nextTurn();

    expect(failures).toMatchObject([{ device: 'microphone', code }]);
    expect(call.state).toBe('Connected');
    expect(call.isMicrophoneAvailable).toBe(false);
  });

  it('that is unplugged is told, and a newly chosen one takes its place', async () => {
    const { client, call, devices, media } = await connected();
    const failures: MediaDeviceError[] = [];
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));

    devices.tracks[0]?.end();
    expect(failures).toMatchObject([{ device: 'microphone', code: 'device_not_found' }]);
    expect(call.isMicrophoneAvailable).toBe(false);
    const [microphone] = await client.deviceManager.getMicrophoneList();
    if (microphone !== undefined) {
      await client.deviceManager.setMicrophone(microphone);
    }

    expect(call.isMicrophoneAvailable).toBe(true);
    expect(media.session.sentFrom('microphone')).toMatchObject({ state: 'sending' });
  });

  it('is not used in a role that may not be heard', async () => {
    const { client, server, devices } = await createTestClient();
    server.on('joinRoom', () => {
      const answer = joined('room', 'connected');
      const participants = answer.call.participants.map((one) => ({ ...one, role: 'consumer' as const }));

      return { ...answer, call: { ...answer.call, participants } };
    });

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(server.asked('produce')).toEqual([]);
    expect(devices.liveTracks).toEqual([]);
    await expect(call.unmute()).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('local video', () => {
  it('is the stream that startVideo() gave and the first of localVideoStreams', async () => {
    const { call, media } = await connected();

    const stream = await call.startVideo();

    expect(call.localVideoStreams).toEqual([stream]);
    expect(call.localVideoStreams[0]).toBe(stream);
    expect(stream.source).toMatchObject({ id: 'cam-1' });
    expect(media.session.sentFrom('camera')?.state).toBe('sending');
    await expect(call.startVideo()).resolves.toBe(stream);
  });

  it('stops its camera and its packets on stopVideo()', async () => {
    const { call, media, devices, server } = await connected();
    const stream = await call.startVideo();
    const updates: unknown[] = [];
    call.on('localVideoStreamsUpdated', (update) => updates.push(update));

    await call.stopVideo(stream);

    expect(updates).toEqual([{ added: [], removed: [stream] }]);
    expect(media.session.sentFrom('camera')?.state).toBe('closed');
    expect(server.asked('closeProducer')).toEqual([{ callId: 'call-1', producerId: 'own-camera' }]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('begins with the call and one question to the person when asked for', async () => {
    const { client, media, devices } = await createTestClient();

    client.join({ roomId: 'room-1' }, { videoOptions: { camera: { id: 'cam-2', name: '' } } });
    await nextTurn();

    expect(devices.opened).toHaveLength(1);
    expect(devices.opened[0]?.video).toMatchObject({ deviceId: { exact: 'cam-2' } });
    expect(media.session.sent.map(({ source }) => source).toSorted()).toEqual(['camera', 'microphone']);
  });

  it('goes on with the microphone alone when the camera is refused', async () => {
    const { client, media, devices } = await createTestClient();
    devices.refusals.video = 'NotAllowedError';
    const failures: MediaDeviceError[] = [];

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));
    await nextTurn();

    expect(failures).toMatchObject([{ device: 'camera', code: 'permission_denied' }]);
    expect(media.session.sent.map(({ source }) => source)).toEqual(['microphone']);
  });

  it('changes over to another camera without a new stream', async () => {
    const { call, media, devices } = await connected();
    const stream = await call.startVideo();

    await stream.switchSource({ id: 'cam-2', name: 'Second' });

    expect(stream.source).toEqual({ id: 'cam-2', name: 'Second' });
    expect(media.session.sent.filter(({ source }) => source === 'camera')).toHaveLength(1);
    expect(media.session.sentFrom('camera')?.track).toBe(stream.mediaStream.getVideoTracks()[0]);
    expect(devices.liveTracks.filter(({ kind }) => kind === 'video')).toHaveLength(1);
  });

  it('rejects with the reason when the camera cannot be had, and the call is as before', async () => {
    const { call, devices } = await connected();
    devices.refusals.video = 'NotReadableError';

    await expect(call.startVideo()).rejects.toMatchObject({ name: 'MediaDeviceError', code: 'device_busy' });

    expect(call.localVideoStreams).toEqual([]);
    expect(call.state).toBe('Connected');
  });

  it('turns the camera off again when the server refuses it', async () => {
    const { call, devices, server } = await connected();
    server.on('produce', () => {
      throw new CallError('forbidden');
    });

    await expect(call.startVideo()).rejects.toMatchObject({ code: 'forbidden' });

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('cannot be started or stopped once the call has ended', async () => {
    const { call } = await connected();
    await call.hangUp();

    await expect(call.startVideo()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.stopVideo()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.mute()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.startScreenSharing()).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('screen sharing', () => {
  it('sends the screen with its sound, beside the camera', async () => {
    const { call, media } = await connected();
    await call.startScreenSharing({ audio: true });
    const camera = await call.startVideo();

    expect(call.isScreenSharingOn).toBe(true);
    expect(call.localVideoStreams.map(({ type }) => type)).toEqual(['Video', 'ScreenSharing']);
    expect(call.localVideoStreams[0]).toBe(camera);
    expect(media.session.sent.map(({ source }) => source)).toEqual([
      'microphone',
      'screen',
      'screenAudio',
      'camera',
    ]);
  });

  it("ends with the browser's own Stop sharing", async () => {
    const { call, server } = await connected();
    await call.startScreenSharing();
    const [screen] = call.localVideoStreams;
    let changes = 0;
    call.on('isScreenSharingOnChanged', () => (changes += 1));

    const track: unknown = screen?.mediaStream.getVideoTracks()[0];
    expect(track).toBeInstanceOf(FakeTrack);
    (track as FakeTrack).end();

    await expect(server.whenAsked('closeProducer')).resolves.toMatchObject({ producerId: 'own-screen' });
    expect(call.isScreenSharingOn).toBe(false);
    expect(changes).toBe(1);
  });

  it('rejects when the person chooses nothing', async () => {
    const { call, devices } = await connected();
    devices.refusals.screen = 'NotAllowedError';

    await expect(call.startScreenSharing()).rejects.toMatchObject({
      device: 'screen',
      code: 'permission_denied',
    });
    expect(call.isScreenSharingOn).toBe(false);
  });
});

describe('remote participants', () => {
  it('come and go with what the server tells, ringing callees among them', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();
    const [bob] = call.remoteParticipants;
    expect(bob).toMatchObject({ identity: { id: 'bob', type: 'user' }, state: 'Ringing', isMuted: true });

    server.notify('participantJoined', {
      callId: 'call-1',
      participant: participant('bob', 'connected', [{ id: 'mic-1', source: 'microphone', paused: false }]),
    });
    expect(call.remoteParticipants).toEqual([bob]);
    expect(bob).toMatchObject({ state: 'Connected', isMuted: false });
    server.notify('producerPaused', { callId: 'call-1', participantId: 'bob-1', producerId: 'mic-1' });
    expect(bob?.isMuted).toBe(true);
    server.notify('participantLeft', { callId: 'call-1', participantId: 'bob-1', reason: 'hangup' });

    expect(call.remoteParticipants).toEqual([]);
    expect(bob).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'hangup' } });
  });

  it('tell who speaks, this page itself included', async () => {
    const { call, server } = await connected();

    server.notify('speakersChanged', { callId: 'call-1', participantIds: ['bob-1', 'alice-1'] });
    expect(call.isSpeaking).toBe(true);
    expect(call.remoteParticipants[0]?.isSpeaking).toBe(true);
    server.notify('speakersChanged', { callId: 'call-1', participantIds: [] });

    expect(call.isSpeaking).toBe(false);
    expect(call.remoteParticipants[0]?.isSpeaking).toBe(false);
  });

  it('are heard at once, in one request for all of them', async () => {
    const { client, server, page, media } = await createTestClient();
    const mic = (name: string) => [{ id: `mic-${name}`, source: 'microphone' as const, paused: false }];
    server.on('joinRoom', () =>
      joined('room', 'connected', [
        participant('bob', 'connected', mic('bob')),
        participant('carol', 'connected', mic('carol')),
      ]),
    );

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(server.asked('consume')).toEqual([{ callId: 'call-1', producerIds: ['mic-bob', 'mic-carol'] }]);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    expect(page.body.children.size).toBe(2);
    expect(call.remoteParticipants.map(({ audioStreams }) => audioStreams.length)).toEqual([1, 1]);

    await call.hangUp();

    expect(page.body.children.size).toBe(0);
    expect(media.session.received.size).toBe(0);
  });
});
