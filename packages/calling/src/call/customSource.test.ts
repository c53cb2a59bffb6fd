import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalVideoStream } from '../streams/LocalVideoStream.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeDevices } from '../testing/FakeDevices.ts';
import { asMediaStream, asTrack, FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
import { FakePage } from '../testing/fakePage.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeStream);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What an application has made. */
function drawing(...kinds: ('audio' | 'video')[]) {
  const tracks = (kinds.length === 0 ? (['video'] as const) : kinds).map(
    (kind) => new FakeTrack(kind, 'canvas'),
  );

  return { tracks, stream: asMediaStream(new FakeStream([...tracks])) };
}

describe('a picture of the application', () => {
  it.each(['stream', 'track', 'LocalVideoStream'] as const)(
    'is sent as a %s, opens no camera and is never stopped by the SDK',
    async (shape) => {
      const { call, media, devices } = await connectedCall();
      const { tracks, stream } = drawing();
      const [track] = tracks;
      const shapes = {
        stream,
        track: stream.getVideoTracks()[0],
        LocalVideoStream: new LocalVideoStream(stream),
      };

      const local = await call.startVideo(shapes[shape]);

      expect(call.localVideoStreams).toEqual([local]);
      expect(local.source).toBeUndefined();
      expect(media.session.sentFrom('camera')?.track).toBe(track);
      expect(devices.opened.filter(({ video }) => video !== undefined)).toEqual([]);
      await call.stopVideo();
      await call.hangUp();
      expect(track?.readyState).toBe('live');
    },
  );

  it('takes the place of a camera, which is turned off, and gives way to one again', async () => {
    const { call, media, devices } = await connectedCall();
    const { tracks, stream } = drawing();
    const local = await call.startVideo();

    expect(await call.startVideo(stream)).toBe(local);
    expect(media.session.sentFrom('camera')?.track).toBe(tracks[0]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
    await local.switchSource({ id: 'cam-2', name: 'Second' });

    expect(local.source).toEqual({ id: 'cam-2', name: 'Second' });
    expect(tracks[0]?.readyState).toBe('live');
    expect(media.session.sent.filter(({ source }) => source === 'camera')).toHaveLength(1);
  });

  it('takes the place of what was stopped right before, without waiting for that', async () => {
    const { call, media } = await connectedCall();
    await call.startVideo(drawing().stream);
    const { tracks, stream } = drawing();

    const stopped = call.stopVideo();
    const local = await call.startVideo(stream);
    await stopped;

    expect(call.localVideoStreams).toEqual([local]);
    expect(media.session.sent.at(-1)).toMatchObject({ track: tracks[0], state: 'sending' });
  });

  it('that is refused is let go: nobody listens to its track', async () => {
    const { call } = await connectedCall();
    await call.startScreenSharing();
    const { tracks, stream } = drawing();
    const [track] = tracks;
    const remove = vi.spyOn(track as FakeTrack, 'removeEventListener');
    const add = vi.spyOn(track as FakeTrack, 'addEventListener');

    await expect(call.startScreenSharing(stream)).rejects.toMatchObject({ code: 'invalid_state' });

    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });

  it('is let go when the video stops: nobody listens to its track, and only a LocalVideoStream may be sent again', async () => {
    const { call } = await connectedCall();
    const [one, two] = [drawing(), drawing()];
    const listeners = new Map<unknown, number>();
    for (const { tracks } of [one, two]) {
      for (const track of tracks) {
        const count = (by: number) => () => void listeners.set(track, (listeners.get(track) ?? 0) + by);
        vi.spyOn(track, 'addEventListener').mockImplementation(count(1));
        vi.spyOn(track, 'removeEventListener').mockImplementation(count(-1));
      }
    }

    const local = await call.startVideo(one.stream);
    await call.startVideo(two.stream);
    await call.stopVideo();

    expect([...listeners.values()]).toEqual([0, 0]);
    await expect(local.getMediaStream()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('that ends is told and stops the video, though there are cameras', async () => {
    const { call } = await connectedCall();
    const { tracks, stream } = drawing();
    await call.startVideo(stream);
    const failures: unknown[] = [];
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));

    tracks[0]?.end();
    await nextTurn();

    expect(call.localVideoStreams).toEqual([]);
    expect(failures).toMatchObject([{ device: 'camera' }]);
  });

  it('is what a call begins with where it is named', async () => {
    const { client, media } = await createTestClient();
    const { tracks, stream } = drawing();
    const local = new LocalVideoStream(stream);

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { localVideoStreams: [local] } });
    await nextTurn();

    expect(call.localVideoStreams[0]).toBe(local);
    expect(media.session.sentFrom('camera')?.track).toBe(tracks[0]);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('is sent as a screen with its sound, which nobody is asked for', async () => {
    const { call, media, devices } = await connectedCall();
    const { tracks, stream } = drawing('video', 'audio');
    devices.refusals.screen = 'NotAllowedError';

    await call.startScreenSharing(stream);
    expect(media.session.sentFrom('screen')?.track).toBe(tracks[0]);
    expect(media.session.sentFrom('screenAudio')?.track).toBe(tracks[1]);
    expect(call.localVideoStreams[0]?.type).toBe('ScreenSharing');
    await call.stopScreenSharing();

    expect(tracks.map(({ readyState }) => readyState)).toEqual(['live', 'live']);
  });

  it('is a TypeError where there is none', async () => {
    const { call, client } = await connectedCall();

    for (const wrong of [5, {}, 'camera', drawing('audio').stream, asTrack(new FakeTrack('audio'))]) {
      await expect(call.startVideo(wrong as MediaStream)).rejects.toThrow(TypeError);
      expect(() => new LocalVideoStream(wrong as MediaStream)).toThrow(TypeError);
    }
    const options = { videoOptions: { localVideoStreams: [5 as unknown as LocalVideoStream] } };
    expect(() => client.join({ roomId: 'room-1' }, options)).toThrow(TypeError);
    await expect(call.startScreenSharing(drawing('audio').stream)).rejects.toThrow(TypeError);
    await expect(call.startVideo(undefined, { codec: 'vp9' as 'VP9' })).rejects.toThrow(TypeError);
    await expect(call.startScreenSharing({ codec: 'vp9' as 'VP9' })).rejects.toThrow(TypeError);
  });

  it('cannot be sent once the call has ended, or beside another', async () => {
    const { call } = await connectedCall();
    await call.startVideo(drawing().stream);
    const other = new LocalVideoStream(drawing().stream);
    await expect(call.startVideo(other)).rejects.toMatchObject({ code: 'invalid_state' });

    await call.hangUp();
    await expect(call.startVideo(drawing().stream)).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.startScreenSharing(drawing().stream)).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('a LocalVideoStream that the application has made', () => {
  it('of a camera opens it for a preview, and the call sends that very camera', async () => {
    const { call, media, devices: ofCall } = await connectedCall();
    const devices = new FakeDevices();
    vi.stubGlobal('navigator', { mediaDevices: devices });
    const local = new LocalVideoStream({ id: 'cam-2', name: 'Second' });
    const { element, asHtml } = new FakePage().target();

    await local.render(asHtml);
    expect(element.children.size).toBe(1);
    const [track] = devices.liveTracks;
    await call.startVideo(local);

    expect(media.session.sentFrom('camera')?.track).toBe(track);
    expect(ofCall.opened).toHaveLength(1);
    await call.stopVideo();
    expect(devices.liveTracks).toEqual([]);
    expect(element.children.size).toBe(0);
  });

  it('of a camera that was unplugged since its preview opens it anew', async () => {
    const { call, media, devices: ofCall } = await connectedCall();
    const devices = new FakeDevices();
    vi.stubGlobal('navigator', { mediaDevices: devices });
    const local = new LocalVideoStream({ id: 'cam-2', name: 'Second' });
    await local.getMediaStream();
    devices.unplug('cam-2');

    await call.startVideo(local);

    expect(media.session.sentFrom('camera')?.track).toBe(ofCall.tracks.at(-1));
    expect(ofCall.opened.at(-1)?.video).toMatchObject({ deviceId: { exact: 'cam-2' } });
  });

  it('may be sent again when it was stopped, and not by two calls at once', async () => {
    const { call, client, media } = await connectedCall();
    const { tracks, stream } = drawing();
    const local = new LocalVideoStream(stream);
    await call.startVideo(local);
    const second = client.join({ roomId: 'room-1' });
    await nextTurn();
    await expect(second.startVideo(local)).rejects.toMatchObject({ code: 'invalid_state' });

    await call.stopVideo();
    await second.startVideo(local);
    expect(media.session.sentFrom('camera')?.track).toBe(tracks[0]);
  });

  it('is over with dispose(), which a call that sends it does not let', async () => {
    const { call } = await connectedCall();
    const { tracks, stream } = drawing();
    const local = new LocalVideoStream(stream);
    await call.startVideo(local);
    expect(() => local.dispose()).toThrow(expect.objectContaining({ code: 'invalid_state' }));
    await call.stopVideo();

    local.dispose();
    local.dispose();
    await expect(local.getMediaStream()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(local.setMediaStream(stream)).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(call.startVideo(local)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(tracks[0]?.readyState).toBe('live');
  });

  it('goes on with another MediaStream of the application, and takes nothing else', async () => {
    const { call, media } = await connectedCall();
    const [one, two] = [drawing(), drawing()];
    const local = await call.startVideo(one.stream);
    let changes = 0;
    local.on('mediaStreamChanged', () => (changes += 1));

    await local.setMediaStream(two.stream);

    expect(await local.getMediaStream()).toBe(two.stream);
    expect(media.session.sentFrom('camera')?.track).toBe(two.tracks[0]);
    expect(changes).toBe(1);
    expect(one.tracks[0]?.readyState).toBe('live');
    await expect(local.setMediaStream(5 as unknown as MediaStream)).rejects.toThrow(TypeError);
    await expect(local.setMediaStream(drawing('audio').stream)).rejects.toThrow(TypeError);
  });

  it('leaves no camera on that was still being opened when the call ended', async () => {
    const { call, devices } = await connectedCall();
    const local = new LocalVideoStream({ id: 'cam-1', name: 'First' });
    await call.startVideo(local);
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const switched = local.switchSource({ id: 'cam-2', name: 'Second' });
    switched.catch(() => {});
    await nextTurn();

    await call.hangUp();
    question.resolve();

    await expect(switched).rejects.toMatchObject({ code: 'invalid_state' });
    expect(devices.tracks.at(-1)?.label).toBe('The cam-2');
    expect(devices.liveTracks).toEqual([]);
  });

  it('says its codec while it is sent', async () => {
    const { call } = await connectedCall();
    const local = new LocalVideoStream(drawing().stream);
    const codecs: unknown[] = [local.codec];
    local.on('codecChanged', () => codecs.push(local.codec));

    await call.startVideo(local, { codec: 'VP9' });
    await call.stopVideo();

    expect(codecs).toEqual([undefined, 'VP9', undefined]);
  });
});

describe('a sound of the application', () => {
  it('takes the place of the microphone, is muted with it, and is never silenced or stopped', async () => {
    const { call, media, devices } = await connectedCall();
    const { tracks, stream } = drawing('audio');
    const [track] = tracks;

    await call.setAudioSource(stream);
    expect(media.session.sentFrom('microphone')?.track).toBe(track);
    expect(devices.liveTracks).toEqual([]);
    await call.mute();
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
    expect(track?.enabled).toBe(true);
    await call.unmute();
    await call.setAudioSource(undefined);

    expect(media.session.sentFrom('microphone')?.track).toBe(devices.liveTracks[0]);
    expect(track?.readyState).toBe('live');
  });

  it('is what a call begins with where it is named, beside a camera', async () => {
    const { client, media, devices } = await createTestClient();
    const { tracks, stream } = drawing('audio');

    const call = client.join(
      { roomId: 'room-1' },
      { audioOptions: { source: stream }, videoOptions: { camera: true } },
    );
    await nextTurn();

    expect(media.session.sentFrom('microphone')?.track).toBe(tracks[0]);
    expect(media.session.sentFrom('camera')?.state).toBe('sending');
    expect(devices.opened).toHaveLength(1);
    await call.hangUp();
    expect(tracks[0]?.readyState).toBe('live');
  });

  it('stays when another microphone is chosen, and when the microphone cannot be had', async () => {
    const { call, client, media, devices } = await connectedCall();
    const { tracks, stream } = drawing('audio');
    await call.setAudioSource(stream);

    await client.deviceManager.setMicrophone({
      id: 'mic-1',
      name: '',
      deviceType: 'Microphone',
      isSystemDefault: true,
    });
    devices.refusals.audio = 'NotAllowedError';
    await expect(call.setAudioSource(undefined)).rejects.toMatchObject({ code: 'permission_denied' });

    expect(media.session.sentFrom('microphone')?.track).toBe(tracks[0]);
  });

  it('is a TypeError where there is none, and refused once the call has ended', async () => {
    const { call } = await connectedCall();
    await expect(call.setAudioSource(drawing().stream)).rejects.toThrow(TypeError);
    await expect(call.setAudioSource(5 as unknown as MediaStream)).rejects.toThrow(TypeError);

    await call.hangUp();
    await expect(call.setAudioSource(drawing('audio').stream)).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });
});
