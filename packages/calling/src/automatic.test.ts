import { describe, expect, it } from 'vitest';
import type { AutomaticBehaviours } from './automaticTypes.ts';
import type { IncomingCall } from './call/incomingCallTypes.ts';
import { CallClientFactory } from './client/CallClientFactory.ts';
import type { DeviceMemory } from './devices/DeviceMemory.ts';
import { CallError } from './errors.ts';
import { bobsMedia } from './testing/bobsMedia.ts';
import { connectedCall } from './testing/connectedCall.ts';
import { asMediaStream, FakeStream } from './testing/fakeMediaStream.ts';
import { FakeMediaElement, FakePage } from './testing/fakePage.ts';
import { FakeServer } from './testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from './testing/testClient.ts';

const caller = { userId: 'bob', displayName: 'Bob', kind: 'user' } as const;

/** In the call of a room, with Bob. */
const inCall = (automatic: AutomaticBehaviours) => connectedCall(new FakeServer(), automatic);

describe('one call', () => {
  it('may be told otherwise than its client', async () => {
    const { client, devices } = await createTestClient({ automatic: { openMicrophone: false } });

    client.join({ roomId: 'room-1' });
    await nextTurn();
    expect(devices.opened).toEqual([]);
    client.join({ roomId: 'room-2' }, { automatic: { openMicrophone: true } });
    await nextTurn();

    expect(devices.opened).toHaveLength(1);
  });

  it('that begins with a camera and muted asks the person for the camera alone', async () => {
    const { client, devices, media } = await createTestClient({ automatic: { openMicrophone: false } });

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();

    expect(devices.opened).toHaveLength(1);
    expect(devices.opened[0]).not.toHaveProperty('audio');
    expect(media.session.sent.map(({ source }) => source)).toEqual(['camera']);
    expect(call.isMuted).toBe(true);
  });

  it('that is to begin unmuted does so, also where the microphone is not opened by itself', async () => {
    const { client, devices } = await createTestClient({ automatic: { openMicrophone: false } });

    const call = client.join({ roomId: 'room-1' }, { audioOptions: { muted: false } });
    await nextTurn();

    expect([call.isMuted, devices.liveTracks.length]).toEqual([false, 1]);
  });
});

describe('a microphone that is off while it is muted', () => {
  it('is off as well when a presenter mutes it, and opened when it was muted from the start', async () => {
    const { call, devices, server, media } = await inCall({ keepMutedMicrophone: false });

    server.notify('producerPaused', {
      callId: 'call-1',
      participantId: 'alice-1',
      producerId: 'own-microphone',
    });
    expect([call.isMuted, devices.liveTracks.length]).toEqual([true, 0]);
    await call.unmute();
    expect(media.session.sentFrom('microphone')?.track).toBe(devices.liveTracks[0]);

    const { client, devices: others } = await createTestClient({ automatic: { keepMutedMicrophone: false } });
    const muted = client.join({ roomId: 'room-1' }, { audioOptions: { muted: true } });
    await nextTurn();
    expect(others.opened).toEqual([]);
    await muted.unmute();

    expect(others.liveTracks).toHaveLength(1);
  });

  it('ends in the state asked for last, however fast mute() and unmute() follow each other', async () => {
    const { call, devices, media } = await inCall({ keepMutedMicrophone: false });

    await Promise.all([call.mute(), call.unmute(), call.mute(), call.unmute(), call.mute()]);
    expect([devices.liveTracks.length, media.session.sentFrom('microphone')?.state]).toEqual([0, 'paused']);
    await Promise.all([call.unmute(), call.mute(), call.unmute()]);

    expect(devices.liveTracks).toHaveLength(1);
    expect(media.session.sentFrom('microphone')).toMatchObject({
      state: 'sending',
      track: devices.liveTracks[0],
    });
  });

  it('is another one after the choice has changed meanwhile', async () => {
    const { client, call, devices } = await inCall({ keepMutedMicrophone: false });
    devices.plug('audioinput', 'mic-2');
    await call.mute();
    const microphones = await client.deviceManager.getMicrophoneList();
    await client.deviceManager.setMicrophone(microphones.find(({ id }) => id === 'mic-2') as never);
    expect(devices.liveTracks).toEqual([]);

    await call.unmute();

    expect(devices.liveTracks).toMatchObject([{ label: 'The mic-2', enabled: true }]);
  });
});

describe('a chosen device that is not there', () => {
  it('is told, and no other is opened, where devices are not replaced', async () => {
    const kept = { microphone: 'headset' };
    const deviceMemory: DeviceMemory = { read: () => kept, write: () => {} };
    const { client, devices } = await createTestClient({
      deviceMemory,
      automatic: { replaceDevices: false },
    });
    await nextTurn();
    const failures: string[] = [];

    const call = client.join({ roomId: 'room-1' });
    call.on('mediaDeviceFailed', ({ code }) => failures.push(code));
    await nextTurn();

    expect(failures).toEqual(['device_not_found']);
    expect(devices.liveTracks).toEqual([]);
  });
});

describe('a device that goes', () => {
  it('is not replaced by another camera where devices are not', async () => {
    const { call, devices } = await inCall({ replaceDevices: false });
    await call.startVideo();
    const told: string[] = [];
    call.on('mediaDeviceReplaced', ({ device }) => told.push(device));
    call.on('mediaDeviceFailed', ({ device, code }) => told.push(`${device} ${code}`));

    devices.unplug('cam-1');
    await nextTurn();

    expect(told).toEqual(['camera device_not_found']);
    expect(call.localVideoStreams).toEqual([]);
  });

  it.each([
    [{}, ['speaker-1', '', 'speaker-1']],
    [{ followDevices: false }, ['speaker-1']],
  ])('is followed by the sound, or not: %j', async (automatic, expected) => {
    const page = new FakePage();
    const sinks: string[] = [];
    page.createElement = (tagName) =>
      Object.assign(new FakeMediaElement(page, tagName), {
        setSinkId: async (id: string) => void sinks.push(id),
      });
    const { client, devices, audioOutput } = await createTestClient({ page, automatic });
    audioOutput.play(asMediaStream(new FakeStream([])));
    await client.deviceManager.setSpeaker({ id: 'speaker-1', name: 'The speaker-1' } as never);

    devices.unplug('speaker-1');
    await nextTurn();
    devices.plug('audiooutput', 'speaker-1');
    await nextTurn();

    expect(sinks).toEqual(expected);
  });
});

describe('a picture that is received though nobody renders it', () => {
  it.each([
    [{ receiveOnRender: false }, 0],
    [{ receiveOnRender: false, pauseHidden: false }, 1],
  ])('is paused, or flows where hidden ones do: %j', async (automatic, flowing) => {
    const { stream, server, clock } = await bobsMedia(automatic);
    await passInSteps(clock, 20_000, 1_000);

    expect(stream.mediaStream).toBeDefined();
    const resumed = server.asked('resumeConsumers').flatMap(({ consumerIds }) => consumerIds);
    expect(resumed.filter((id) => id === 'consumer-of-camera-1')).toHaveLength(flowing);
  });
});

describe('a connection that is not made again', () => {
  it('is tried once where the call is sent to another server, and ends nothing but that call', async () => {
    const [home, other] = [new FakeServer(), new FakeServer()];
    home.on('joinRoom', () => ({ action: 'redirect', url: 'https://other.example' }));
    other.refusal = new CallError('unavailable');
    const { client, clock } = await createTestClient({
      openSocket: (options, handlers) =>
        (options.endpoint === 'http://localhost' ? home : other).openSocket(options, handlers),
      automatic: { reconnect: false },
    });

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason?.name).toBe('connection_lost');
    expect(other.connections).toHaveLength(1);
    expect([client.connectionState, clock.pending]).toEqual(['Connected', 0]);
  });

  it('is told with its reason, rings no more, and leaves nothing to wait for', async () => {
    const { client, call, server } = await inCall({ reconnect: false });
    const rung = new Promise<IncomingCall>((resolve) => client.once('incomingCall', resolve));
    server.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller, customData: {} });
    const incoming = await rung;

    server.drop();

    expect(client.disconnectReason?.code).toBe('unavailable');
    expect(incoming.callEndReason?.name).toBe('connection_lost');
    await expect(call.mute()).rejects.toMatchObject({ code: 'invalid_state' });
    await client.dispose();
  });
});

describe('a path that is not looked for anew', () => {
  it('and fails while the connection is lost is found by the way back', async () => {
    const { call, media, server } = await inCall({ restartIce: false });

    server.drop();
    media.session.options.onPathChanged('failed');
    expect(call.state).toBe('Reconnecting');
    await nextTurn();
    expect(media.session.restarts).toHaveLength(1);
    media.session.options.onPathChanged('connected');

    expect(call.state).toBe('Connected');
  });

  it('and is not found after the way back either ends the call after a while', async () => {
    const { call, media, server, clock } = await inCall({ restartIce: false });

    server.drop();
    media.session.options.onPathChanged('failed');
    await nextTurn();
    clock.pass(14_999);
    expect(call.state).toBe('Reconnecting');
    clock.pass(1);

    expect(call.callEndReason?.name).toBe('media_failed');
  });

  it('is not looked for by a change of the network either', async () => {
    const { network, server } = await inCall({ restartIce: false });

    network.change();
    await nextTurn();

    expect(server.asked('restartIce')).toEqual([]);
  });
});

describe('an automatic behaviour that there is not', () => {
  it.each([{ reconect: false }, { reconnect: 'no' }])('is a TypeError: %j', async (wrong) => {
    const automatic = wrong as AutomaticBehaviours;
    const { client, server } = await createTestClient();
    const rung = new Promise<IncomingCall>((resolve) => client.once('incomingCall', resolve));

    await expect(
      CallClientFactory.create('a token', { endpoint: 'http://localhost', automatic }),
    ).rejects.toThrow(TypeError);
    expect(() => client.join({ roomId: 'room-1' }, { automatic })).toThrow(TypeError);
    expect(client.calls).toEqual([]);
    server.notify('incomingCall', {
      callId: 'call-1',
      kind: 'direct',
      caller,
      customData: {},
    });
    const incoming = await rung;
    await expect(incoming.accept({ automatic })).rejects.toThrow(TypeError);
    await expect(incoming.accept()).resolves.toMatchObject({ state: 'Connected' });
  });
});
