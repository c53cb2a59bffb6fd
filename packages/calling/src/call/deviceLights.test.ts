import { createDeferred } from '@parley/kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import { LocalVideoStream } from '../streams/LocalVideoStream.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import type { FakeDevices } from '../testing/FakeDevices.ts';
import { asMediaStream, FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
import { fakeProcessor } from '../testing/fakeProcessor.ts';
import { FakeServer } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeStream);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const second = { id: 'cam-2', name: 'Second' };
const live = (devices: FakeDevices): string[] => devices.liveTracks.map(({ label }) => label);
const lights = (devices: FakeDevices): number =>
  devices.liveTracks.filter(({ kind }) => kind === 'video').length;

describe('no camera stays on', () => {
  it('when the call ends while an application-made stream switches to another', async () => {
    const { call, devices } = await connectedCall();
    const stream = new LocalVideoStream({ id: 'cam-1', name: 'First' });
    await call.startVideo(stream);
    const question = createDeferred<void>();
    devices.question = question.promise;
    const switching = stream.switchSource(second);
    switching.catch(() => {});
    await nextTurn();

    await call.hangUp();
    question.resolve();
    await expect(switching).rejects.toMatchObject({ code: 'invalid_state' });

    expect(live(devices)).toEqual([]);
  });

  it('when the call ends while an application-made stream replaces an unplugged camera', async () => {
    const { call, devices } = await connectedCall();
    await call.startVideo(new LocalVideoStream({ id: 'cam-1', name: 'First' }));
    const question = createDeferred<void>();
    devices.question = question.promise;
    devices.unplug('cam-1');
    await nextTurn();

    await call.hangUp();
    question.resolve();
    await nextTurn();

    expect(live(devices)).toEqual([]);
  });

  it('after stopVideo() while the server has not answered yet', async () => {
    const answer = createDeferred<{ producerId: string }>();
    const server = new FakeServer();
    const { call, devices } = await connectedCall(server);
    server.on('produce', () => answer.promise as never);
    const starting = call.startVideo();
    starting.catch(() => {});
    await nextTurn();
    expect(lights(devices)).toBe(1);

    const stopping = call.stopVideo();
    await nextTurn();

    expect(lights(devices)).toBe(0);
    answer.resolve({ producerId: 'own-camera' });
    await stopping;
    await nextTurn();
    expect(server.asked('closeProducer')).toEqual([{ callId: 'call-1', producerId: 'own-camera' }]);
  });

  it('for a processor that never gets ready', async () => {
    const { call, devices } = await connectedCall();
    const stream = await call.startVideo();
    const { processor } = fakeProcessor('video');
    processor.start = () => new Promise(() => {});
    stream.setProcessor(processor).catch(() => {});
    await nextTurn();

    void call.stopVideo();
    await nextTurn();

    expect(lights(devices)).toBe(0);
  });
});

describe('no microphone stays on', () => {
  it('when the sound of the application is taken back while muted, with microphones that are off then', async () => {
    const { call, devices } = await connectedCall(new FakeServer(), { keepMutedMicrophone: false });
    const sound = asMediaStream(new FakeStream([new FakeTrack('audio')]));
    await call.setAudioSource(sound);
    await call.mute();

    await call.setAudioSource(undefined);

    expect(live(devices)).toEqual([]);
  });

  it('when it was off and the server refuses the unmute', async () => {
    const { call, devices, server } = await connectedCall();
    const own = { callId: 'call-1', participantId: 'alice-1', producerId: 'own-microphone' };
    server.notify('producerRemoved', own);
    await nextTurn();
    server.on('produce', () => {
      throw new CallError('forbidden');
    });

    await expect(call.unmute()).rejects.toMatchObject({ code: 'forbidden' });

    expect(live(devices)).toEqual([]);
    expect(call.isMicrophoneAvailable).toBe(false);
  });
});

describe('stopVideo()', () => {
  it('while the person is being asked for the camera rejects the start, and nobody is told of a failure', async () => {
    const { client, devices } = await createTestClient();
    const question = createDeferred<void>();
    devices.question = question.promise;
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    const failures: unknown[] = [];
    call.on('mediaDeviceFailed', ({ device }) => failures.push(device));
    await nextTurn();

    const stopping = call.stopVideo();
    question.resolve();
    await stopping;
    await nextTurn();

    expect(lights(devices)).toBe(0);
    expect(failures).toEqual([]);
    await call.startVideo();
    expect(lights(devices)).toBe(1);
  });

  it('lets a start go on that comes after it', async () => {
    const { call, media, devices } = await connectedCall();
    await call.startVideo();

    const stopping = call.stopVideo();
    const stream = await call.startVideo();
    await stopping;

    expect(call.localVideoStreams).toEqual([stream]);
    expect(media.session.sentFrom('camera')?.state).toBe('sending');
    expect(lights(devices)).toBe(1);
  });
});

describe('what is sent of a stream of the application', () => {
  it('goes through its processor also when it is sent a second time', async () => {
    const { call, media } = await connectedCall();
    const stream = new LocalVideoStream(asMediaStream(new FakeStream([new FakeTrack('video')])));
    const { processor, outputs } = fakeProcessor('video');
    await stream.setProcessor(processor);
    await call.startVideo(stream);
    await call.stopVideo();

    await call.startVideo(stream);

    expect(stream.processor).toBe(processor);
    expect(media.session.sentFrom('camera')?.track).toBe(outputs.at(-1));
    expect(outputs.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
  });

  it('is one picture where it has several', async () => {
    const { call, media } = await connectedCall();
    const tracks = [new FakeTrack('video'), new FakeTrack('video')];

    await call.startVideo(asMediaStream(new FakeStream(tracks)));

    const cameras = media.session.sent.filter(({ source }) => source === 'camera');
    expect(cameras.map(({ track }) => track)).toEqual([tracks[0]]);
  });
});

describe('a processor', () => {
  it('that gets ready after its camera was unplugged sends nothing of it', async () => {
    const { call, devices } = await connectedCall();
    const stream = new LocalVideoStream(second);
    const ready = createDeferred<void>();
    const { processor, outputs } = fakeProcessor('video');
    const start = processor.start.bind(processor);
    processor.start = async (...of) => {
      await ready.promise;

      return start(...of);
    };
    await stream.setProcessor(processor);
    const starting = call.startVideo(stream);
    starting.catch(() => {});
    await nextTurn();

    devices.unplug('cam-2');
    ready.resolve();

    await expect(starting).rejects.toMatchObject({ code: 'device_not_found' });
    expect(outputs.map(({ readyState }) => readyState)).toEqual(['ended']);
  });

  it('that never gets ready gives way to none, or to another', async () => {
    const { call, media } = await connectedCall();
    const stream = await call.startVideo();
    const { processor: stuck } = fakeProcessor('video');
    stuck.start = () => new Promise(() => {});
    const { processor, outputs } = fakeProcessor('video');

    const first = stream.setProcessor(stuck);
    await nextTurn();
    await Promise.all([first, stream.setProcessor(processor)]);
    expect(media.session.sentFrom('camera')?.track).toBe(outputs.at(-1));
    void stream.setProcessor(stuck);
    await nextTurn();
    await stream.setProcessor(undefined);

    expect(media.session.sentFrom('camera')?.track.label).toBe('The cam-1');
  });

  it('of a screen keeps it sharp rather than smooth', async () => {
    const { call } = await connectedCall();
    await call.startScreenSharing();
    const [screen] = call.localVideoStreams;
    const { processor, outputs } = fakeProcessor('video');

    await screen?.setProcessor(processor);

    expect(outputs[0]?.contentHint).toBe('detail');
  });
});

describe('a camera that cannot be on beside another, as on a telephone', () => {
  /** Opens a camera only where no other is on. */
  function oneAtATime(devices: FakeDevices, broken?: string): void {
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      if (lights(devices) > 0 || JSON.stringify(constraints.video).includes(broken ?? '?')) {
        throw new DOMException('in use', 'NotReadableError');
      }

      return open(constraints);
    };
  }

  it('is switched to, the present one off', async () => {
    const { call, media, devices } = await connectedCall();
    const stream = await call.startVideo();
    oneAtATime(devices);

    await stream.switchSource(second);

    expect(stream.source).toEqual(second);
    expect(media.session.sentFrom('camera')?.track.label).toBe('The cam-2');
    expect(lights(devices)).toBe(1);
  });

  it('and cannot be had leaves the present one on, opened again', async () => {
    const { call, media, devices } = await connectedCall();
    const stream = await call.startVideo();
    oneAtATime(devices, 'cam-2');

    await expect(stream.switchSource(second)).rejects.toMatchObject({ code: 'device_busy' });

    expect(stream.source?.id).toBe('cam-1');
    expect(media.session.sentFrom('camera')?.track).toBe(devices.liveTracks.at(-1));
    expect(lights(devices)).toBe(1);
  });

  it('is shown by a preview, which goes back where that cannot be had', async () => {
    const { client, devices, page } = await createTestClient();
    const target = page.target().asHtml;
    const first = { id: 'cam-1', name: 'First' };
    const preview = await client.deviceManager.renderPreviewVideo(first, target);
    await preview.start();
    oneAtATime(devices);

    await preview.switchDevice(second);
    expect(live(devices)).toEqual(['The cam-2']);
    oneAtATime(devices, 'cam-1');
    await expect(preview.switchDevice(first)).rejects.toMatchObject({ code: 'device_busy' });

    expect(live(devices)).toEqual(['The cam-2']);
    expect(preview).toMatchObject({ videoDeviceInfo: second, isRendering: true });
  });
});
