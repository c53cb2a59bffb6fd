import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { CallEncryption } from './callOptionTypes.ts';

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

  it('waits for nothing that comes before the server is asked, such as encryption that never begins', async () => {
    const { client, server } = await createTestClient();
    const encryption = { begin: () => new Promise<never>(() => {}) } as unknown as CallEncryption;
    const call = client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    await call.hangUp();

    expect(call.callEndReason?.name).toBe('hangup');
    expect(server.requests).toEqual([]);
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
    const { call, media, devices, server } = await connectedCall();

    await Promise.all([call.hangUp(), call.hangUp()]);
    await call.hangUp();

    expect(media.session.isClosed).toBe(true);
    expect(devices.liveTracks).toEqual([]);
    expect(server.asked('leaveCall')).toHaveLength(1);
  });

  it('forEveryone ends the call for all', async () => {
    const { call, server } = await connectedCall();

    await call.hangUp({ forEveryone: true });

    expect(server.asked('endCall')).toEqual([{ callId: 'call-1' }]);
    expect(call.callEndReason?.name).toBe('ended_for_everyone');
  });

  it('forEveryone resolves when the end is told before the answer has come', async () => {
    const { call, server } = await connectedCall();
    server.on('endCall', () => {
      server.notify('callEnded', { callId: 'call-1', reason: 'ended_for_everyone' });

      return {};
    });

    await Promise.all([call.hangUp({ forEveryone: true }), call.hangUp({ forEveryone: true })]);

    expect(call.callEndReason?.name).toBe('ended_for_everyone');
  });

  it('forEveryone leaves the call as it is when the server refuses', async () => {
    const { call, server } = await connectedCall();
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

  it('from the listener that is told of Connecting turns no device on', async () => {
    const { client, server, devices } = await createTestClient();
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    call.on('stateChanged', () => void call.hangUp());

    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(devices.tracks).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('in the turn in which the call begins leaves no camera on', async () => {
    const { client, devices } = await createTestClient();

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await Promise.resolve();
    await call.hangUp();
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(devices.liveTracks).toEqual([]);
  });

  it('in the turn in which the call begins hears nothing of a camera that is refused', async () => {
    const { client, devices } = await createTestClient();
    devices.refusals.video = 'NotAllowedError';
    const failures: unknown[] = [];

    // An unhandled rejection would fail this test file.
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));
    await Promise.resolve();
    await call.hangUp();
    await nextTurn();

    expect(failures).toEqual([]);
    expect(devices.liveTracks).toEqual([]);
  });

  it('while a camera or a microphone is being switched leaves the new one off', async () => {
    const { client, call, media, devices } = await connectedCall();
    const stream = await call.startVideo();
    const [microphone] = await client.deviceManager.getMicrophoneList();
    const negotiation = Promise.withResolvers<void>();
    media.session.negotiation = negotiation.promise;

    const switchedCamera = stream.switchSource({ id: 'cam-2', name: 'Second' });
    const switchedMicrophone = client.deviceManager.setMicrophone(microphone as never);
    await nextTurn();
    await call.hangUp();
    negotiation.resolve();

    await expect(switchedCamera).rejects.toMatchObject({ name: 'CallError', code: 'invalid_state' });
    await expect(switchedMicrophone).resolves.toBeUndefined();
    expect(devices.liveTracks).toEqual([]);
  });

  it('forEveryone before the answer has come ends the call for all', async () => {
    const { client, server } = await createTestClient();
    const answer = Promise.withResolvers<void>();
    server.on('joinRoom', async () => {
      await answer.promise;

      return joined('room', 'connected');
    });
    const call = client.join({ roomId: 'room-1' });
    await server.whenAsked('joinRoom');

    const ended = call.hangUp({ forEveryone: true });
    answer.resolve();
    await ended;

    expect(server.asked('endCall')).toEqual([{ callId: 'call-1' }]);
    expect(call.callEndReason?.name).toBe('ended_for_everyone');
  });

  it('from a listener of an end from outside changes nothing about it', async () => {
    const { call, server } = await connectedCall();
    const states: string[] = [];
    call.on('stateChanged', () => states.push(call.state));
    call.on('remoteParticipantsUpdated', () => void call.hangUp());

    server.notify('callEnded', { callId: 'call-1', reason: 'removed' });
    await nextTurn();

    expect(states).toEqual(['Disconnected']);
    expect(call.callEndReason?.name).toBe('removed');
    expect(server.asked('leaveCall')).toEqual([]);
  });
});
