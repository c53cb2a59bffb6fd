import { describe, expect, it } from 'vitest';
import type { MediaDeviceError } from '../devices/MediaDeviceError.ts';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeTrack } from '../testing/fakeMediaStream.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('local video', () => {
  it('is the stream that startVideo() gave and the first of localVideoStreams', async () => {
    const { call, media } = await connectedCall();

    const stream = await call.startVideo();

    expect(call.localVideoStreams).toEqual([stream]);
    expect(call.localVideoStreams[0]).toBe(stream);
    expect(stream.source).toMatchObject({ id: 'cam-1' });
    expect(media.session.sentFrom('camera')?.state).toBe('sending');
    await expect(call.startVideo()).resolves.toBe(stream);
  });

  it('stops its camera and its packets on stopVideo()', async () => {
    const { call, media, devices, server } = await connectedCall();
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

  it('tells how large its picture is, which decides what of it others are sent', async () => {
    const { call, server } = await connectedCall();
    await call.startVideo();

    expect(server.asked('produce')).toMatchObject([
      { source: 'microphone' },
      { source: 'camera', size: { width: 1280, height: 720 } },
    ]);
    expect(server.asked('produce')[0]).not.toHaveProperty('size');
  });

  it('changes over to another camera without a new stream', async () => {
    const { call, media, devices } = await connectedCall();
    const stream = await call.startVideo();

    await stream.switchSource({ id: 'cam-2', name: 'Second' });

    expect(stream.source).toEqual({ id: 'cam-2', name: 'Second' });
    expect(media.session.sent.filter(({ source }) => source === 'camera')).toHaveLength(1);
    expect(media.session.sentFrom('camera')?.track).toBe(stream.mediaStream.getVideoTracks()[0]);
    expect(devices.liveTracks.filter(({ kind }) => kind === 'video')).toHaveLength(1);
  });

  it('rejects with the reason when the camera cannot be had, and the call is as before', async () => {
    const { call, devices } = await connectedCall();
    devices.refusals.video = 'NotReadableError';

    await expect(call.startVideo()).rejects.toMatchObject({ name: 'MediaDeviceError', code: 'device_busy' });

    expect(call.localVideoStreams).toEqual([]);
    expect(call.state).toBe('Connected');
  });

  it('turns the camera off again when the server refuses it', async () => {
    const { call, devices, server } = await connectedCall();
    server.on('produce', () => {
      throw new CallError('forbidden');
    });

    await expect(call.startVideo()).rejects.toMatchObject({ code: 'forbidden' });

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('cannot be started or stopped once the call has ended', async () => {
    const { call } = await connectedCall();
    await call.hangUp();

    await expect(call.startVideo()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.stopVideo()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.mute()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.startScreenSharing()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('that the server refuses on entering is turned off and told', async () => {
    const { client, server, devices } = await createTestClient();
    server.on('produce', ({ source }) => {
      if (source === 'camera') {
        throw new CallError('invalid_request');
      }

      return { producerId: `own-${source}` };
    });
    const failures: MediaDeviceError[] = [];

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));
    await nextTurn();

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
    expect(failures).toMatchObject([{ device: 'camera', cause: { code: 'invalid_request' } }]);
  });

  it('goes on with the present camera when the change to another fails', async () => {
    const { call, media, devices } = await connectedCall();
    const stream = await call.startVideo();
    const before = devices.liveTracks;
    media.session.negotiation = Promise.reject(new Error('no such codec'));

    await expect(stream.switchSource({ id: 'cam-2', name: 'Second' })).rejects.toMatchObject({
      name: 'CallError',
    });

    expect(stream.source).toMatchObject({ id: 'cam-1' });
    expect(devices.liveTracks).toEqual(before);
  });

  it('that is unplugged gives way to another, which is told by the names of both', async () => {
    const { call, media, devices } = await connectedCall();
    const stream = await call.startVideo();
    const told: unknown[] = [];
    call.on('mediaDeviceReplaced', (replacement) => told.push(replacement));
    call.on('mediaDeviceFailed', (failure) => told.push(failure));

    devices.unplug('cam-1');
    await nextTurn();

    const replacement = { id: 'cam-2', name: 'The cam-2' };
    expect(told).toEqual([{ device: 'camera', failed: { id: 'cam-1', name: 'The cam-1' }, replacement }]);
    expect(call.localVideoStreams).toEqual([stream]);
    expect(stream.source).toEqual(replacement);
    expect(media.session.sentFrom('camera')?.track).toBe(devices.tracks.at(-1));
  });

  it('that is unplugged where there is no other is told, and its stream ends', async () => {
    const { call, devices } = await connectedCall();
    devices.unplug('cam-2');
    await call.startVideo();
    const failures: unknown[] = [];
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));

    devices.unplug('cam-1');
    await nextTurn();

    expect(failures).toMatchObject([{ device: 'camera', code: 'device_not_found' }]);
    expect(call.localVideoStreams).toEqual([]);
  });

  it('that the system ends while the page is hidden begins again when it is seen, unless it was stopped', async () => {
    const { call, page, devices } = await connectedCall();
    await call.startVideo();
    page.setVisibility('hidden');
    devices.refusals.video = 'NotAllowedError';
    devices.tracks.at(-1)?.end();
    await nextTurn();
    expect(call.localVideoStreams).toEqual([]);

    delete devices.refusals.video;
    page.setVisibility('visible');
    await nextTurn();
    expect(call.localVideoStreams).toHaveLength(1);

    page.setVisibility('hidden');
    devices.tracks.at(-1)?.end();
    await nextTurn();
    await call.stopVideo();
    page.setVisibility('visible');
    await nextTurn();
    expect(call.localVideoStreams).toEqual([]);
  });

  it('that ends while the page is seen does not begin again by itself', async () => {
    const { call, page, devices } = await connectedCall();
    await call.startVideo();
    devices.tracks.at(-1)?.end();
    await nextTurn();

    page.setVisibility('hidden');
    page.setVisibility('visible');
    await nextTurn();

    expect(call.localVideoStreams).toEqual([]);
  });

  it('is not replaced by one that stays on when the server ends what was sent meanwhile', async () => {
    const { call, server, devices } = await connectedCall();
    await call.startVideo();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;

    devices.unplug('cam-1');
    await nextTurn();
    server.notify('producerRemoved', {
      callId: 'call-1',
      participantId: 'alice-1',
      producerId: 'own-camera',
    });
    question.resolve();
    await nextTurn();

    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('goes on with the new camera when the old one ends during the change', async () => {
    const { call, media, devices } = await connectedCall();
    const stream = await call.startVideo();
    const old = devices.tracks.at(-1);
    const failures: unknown[] = [];
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));
    const negotiation = Promise.withResolvers<void>();
    media.session.negotiation = negotiation.promise;

    const switched = stream.switchSource({ id: 'cam-2', name: 'Second' });
    await nextTurn();
    old?.end();
    negotiation.resolve();
    await switched;
    await nextTurn();

    expect(call.localVideoStreams).toEqual([stream]);
    expect(devices.tracks.at(-1)?.readyState).toBe('live');
    expect(failures).toEqual([]);
  });

  it('cannot be rendered once it was stopped', async () => {
    const { call, page } = await connectedCall();
    const stream = await call.startVideo();
    const { element, asHtml } = page.target();

    await call.stopVideo();

    await expect(stream.render(asHtml)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(element.children.size).toBe(0);
  });
});

describe('screen sharing', () => {
  it('sends the screen with its sound, beside the camera', async () => {
    const { call, media } = await connectedCall();
    await call.startScreenSharing({ audio: true });
    const camera = await call.startVideo();

    expect(call.isScreenSharingOn).toBe(true);
    expect(media.session.sentFrom('screen')?.track.contentHint).toBe('detail');
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
    const { call, server } = await connectedCall();
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
    const { call, devices } = await connectedCall();
    devices.refusals.screen = 'NotAllowedError';

    await expect(call.startScreenSharing()).rejects.toMatchObject({
      device: 'screen',
      code: 'permission_denied',
    });
    expect(call.isScreenSharingOn).toBe(false);
  });

  it('goes on without its sound when the server refuses that', async () => {
    const { call, server, media, devices } = await connectedCall();
    server.on('produce', ({ source }) => {
      if (source === 'screenAudio') {
        throw new CallError('forbidden');
      }

      return { producerId: `own-${source}` };
    });

    await call.startScreenSharing({ audio: true });
    expect(call.isScreenSharingOn).toBe(true);
    expect(media.session.sentFrom('screenAudio')?.state).toBe('closed');
    await call.stopScreenSharing();

    expect(server.asked('closeProducer')).toMatchObject([{ producerId: 'own-screen' }]);
    expect(devices.liveTracks).toHaveLength(1);
  });

  it('ends its sound first, which at the server would end with the picture', async () => {
    const { call, server } = await connectedCall();
    await call.startScreenSharing({ audio: true });
    await call.stopScreenSharing();

    expect(server.asked('closeProducer')).toMatchObject([
      { producerId: 'own-screenAudio' },
      { producerId: 'own-screen' },
    ]);
  });

  it('sends no sound when the picture is refused', async () => {
    const { call, server, devices } = await connectedCall();
    server.on('produce', ({ source }) => {
      if (source === 'screen') {
        throw new CallError('forbidden');
      }

      return { producerId: `own-${source}` };
    });

    await expect(call.startScreenSharing({ audio: true })).rejects.toMatchObject({ code: 'forbidden' });

    expect(server.asked('produce').map(({ source }) => source)).not.toContain('screenAudio');
    expect(call.isScreenSharingOn).toBe(false);
    expect(devices.liveTracks).toHaveLength(1);
  });
});
