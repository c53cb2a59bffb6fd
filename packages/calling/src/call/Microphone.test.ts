import { describe, expect, it } from 'vitest';
import type { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import type { AudioDeviceInfo } from '../devices/deviceTypes.ts';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import type { FakeTrack } from '../testing/fakeMediaStream.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('the microphone', () => {
  it('is sent from the start, and the camera is not', async () => {
    const { call, media } = await connectedCall();

    expect(media.session.sent.map(({ source, state }) => [source, state])).toEqual([
      ['microphone', 'sending'],
    ]);
    expect(call.isMuted).toBe(false);
    expect(call.isMicrophoneAvailable).toBe(true);
  });

  it('stops its packets on mute() and tells the others', async () => {
    const { call, media, server } = await connectedCall();

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
    const { call, media } = await connectedCall();

    await Promise.all([call.mute(), call.unmute(), call.mute()]);

    expect(call.isMuted).toBe(true);
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
  });

  it('stays muted when the server refuses the unmute', async () => {
    const { call, media, server } = await connectedCall();
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

  it('that is unplugged gives way to another, which is told by the names of both, also while muted', async () => {
    const { client, call, devices, media } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    await call.mute();
    const told: unknown[] = [];
    call.on('mediaDeviceReplaced', (replacement) => told.push(replacement));
    call.on('mediaDeviceFailed', (failure) => told.push(failure));

    devices.unplug('mic-1');
    await nextTurn();

    const replacement = { id: 'mic-2', name: 'The mic-2' };
    expect(told).toEqual([{ device: 'microphone', failed: { id: 'mic-1', name: 'The mic-1' }, replacement }]);
    expect(client.deviceManager.getMicrophone()).toMatchObject(replacement);
    expect(devices.liveTracks).toMatchObject([{ label: 'The mic-2', enabled: false }]);
    expect(media.session.sentFrom('microphone')?.track).toBe(devices.liveTracks[0]);
  });

  it.each([
    ['mutes', (track: FakeTrack) => (track.muted = true)],
    ['ends', (track: FakeTrack) => track.end()],
  ])('that the system %s while the page is hidden is opened again when it is seen', async (_, take) => {
    const { call, page, devices, media } = await connectedCall();
    page.setVisibility('hidden');
    take(devices.tracks[0] as FakeTrack);
    await nextTurn();

    page.setVisibility('visible');
    await nextTurn();

    expect(call.isMicrophoneAvailable).toBe(true);
    expect(devices.liveTracks).toMatchObject([{ muted: false }]);
    expect(media.session.sentFrom('microphone')).toMatchObject({
      state: 'sending',
      track: devices.liveTracks[0],
    });
  });

  it("that the person mutes in the browser's own controls stays so", async () => {
    const { page, devices } = await connectedCall();
    const [track] = devices.tracks;
    (track as FakeTrack).muted = true;

    page.setVisibility('hidden');
    page.setVisibility('visible');
    await nextTurn();

    expect(devices.liveTracks).toEqual([track]);
  });

  it('that ends while the call is hung up is not replaced by one that stays on', async () => {
    const { call, devices } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;

    devices.unplug('mic-1');
    await call.hangUp();
    question.resolve();
    await nextTurn();

    expect(devices.liveTracks).toEqual([]);
  });

  it('that is chosen while muted is taken at once, silent', async () => {
    const { client, call, devices, media } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    await call.mute();
    const microphone = (await client.deviceManager.getMicrophoneList()).find(({ id }) => id === 'mic-2');

    await client.deviceManager.setMicrophone(microphone as AudioDeviceInfo);

    expect(devices.liveTracks).toMatchObject([{ label: 'The mic-2', enabled: false }]);
    expect(media.session.sentFrom('microphone')?.track).toBe(devices.liveTracks[0]);
  });

  it('that is taken while the person mutes is silent from its first moment on', async () => {
    const { client, call, devices, media } = await connectedCall();
    devices.plug('audioinput', 'mic-2');
    const negotiated = Promise.withResolvers<void>();
    media.session.negotiation = negotiated.promise;

    const chosen = client.deviceManager.setMicrophone({ id: 'mic-2', name: 'The mic-2' } as AudioDeviceInfo);
    await nextTurn();
    const muted = call.mute();
    negotiated.resolve();
    await Promise.all([chosen, muted]);

    expect(devices.liveTracks).toMatchObject([{ label: 'The mic-2', enabled: false }]);
  });

  it('that is unplugged where there is no other is told, and a newly chosen one takes its place', async () => {
    const { client, call, devices, media } = await connectedCall();
    const failures: MediaDeviceError[] = [];
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));

    devices.tracks[0]?.end();
    await nextTurn();
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

  it('is silent as soon as it is muted, while the server has not answered yet what is sent', async () => {
    const { client, server, devices } = await createTestClient();
    const answer = Promise.withResolvers<void>();
    server.on('produce', async () => {
      await answer.promise;

      return { producerId: 'own-microphone' };
    });
    const call = client.join({ roomId: 'room-1' });
    await server.whenAsked('produce');

    const muted = call.mute();
    expect(devices.tracks[0]?.enabled).toBe(false);
    answer.resolve();
    await muted;
    await call.unmute();

    expect(devices.tracks[0]?.enabled).toBe(true);
  });

  it('stays as it is when the change to another fails, which is then off', async () => {
    const { client, call, media, devices } = await connectedCall();
    const [microphone] = await client.deviceManager.getMicrophoneList();
    media.session.negotiation = Promise.reject(new Error('no such codec'));

    await expect(client.deviceManager.setMicrophone(microphone as never)).rejects.toMatchObject({
      name: 'CallError',
    });

    expect(devices.tracks.map(({ readyState }) => readyState)).toEqual(['live', 'ended']);
    expect(call.isMicrophoneAvailable).toBe(true);
  });

  it('that was denied at first is opened by unmute() once it is granted, and heard', async () => {
    const { client, devices, media } = await createTestClient();
    devices.refusals.audio = 'NotAllowedError';
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    expect([call.isMuted, call.isMicrophoneAvailable]).toEqual([false, false]);

    await expect(call.unmute()).rejects.toMatchObject({
      name: 'MediaDeviceError',
      code: 'permission_denied',
    });
    expect(call.isMuted).toBe(true);
    delete devices.refusals.audio;
    await call.unmute();

    expect([call.isMuted, call.isMicrophoneAvailable]).toEqual([false, true]);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('that was granted after all is opened by unmute() although it never was muted', async () => {
    const { client, devices, media } = await createTestClient();
    devices.refusals.audio = 'NotAllowedError';
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    delete devices.refusals.audio;

    await call.unmute();

    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('is opened once when unmute() comes while the person is still being asked', async () => {
    const { client, devices, media } = await createTestClient();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const call = client.join({ roomId: 'room-1' }, { audioOptions: { muted: true } });
    const atOnce = call.unmute();
    await nextTurn();
    const later = call.unmute();
    question.resolve();
    await Promise.all([atOnce, later]);

    expect(devices.opened).toHaveLength(1);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('lets go of an unmute() that waits for it when the call ends', async () => {
    const { client, devices } = await createTestClient();
    devices.question = new Promise(() => {});
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    const unmuted = call.unmute();
    await call.hangUp();
    await unmuted;

    expect(devices.opened).toHaveLength(1);
  });
});
