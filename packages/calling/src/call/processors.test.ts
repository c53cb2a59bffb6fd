import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AudioProcessor, VideoProcessor } from '../streams/processorTypes.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { LocalVideoStreamImpl } from '../streams/LocalVideoStreamImpl.ts';
import { asTrack, FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
import { fakeProcessor } from '../testing/fakeProcessor.ts';
import { FakeServer } from '../testing/FakeServer.ts';
import { nextTurn } from '../testing/testClient.ts';

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeStream);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function callWithProcessor() {
  const parts = await connectedCall();
  const stream = await parts.call.startVideo();
  const fake = fakeProcessor('video');
  await stream.setProcessor(fake.processor);
  const sent = (): unknown => parts.media.session.sentFrom('camera')?.track;

  return { ...parts, stream, fake, sent };
}

describe.each(['audio', 'video'] as const)('a processor of %s whose stop() throws', (kind) => {
  it('keeps the call from nothing: hanging up ends it here and at the server, and the error is reported', async () => {
    const { client, call, server, devices } = await connectedCall();
    const { processor } = fakeProcessor(kind);
    const failure = new Error('It was closed already.');
    processor.stop = () => {
      throw failure;
    };
    await (kind === 'audio'
      ? call.setAudioProcessor(processor as AudioProcessor)
      : (await call.startVideo()).setProcessor(processor as VideoProcessor));
    const reported: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => {
      Promise.resolve()
        .then(task)
        .catch((error: unknown) => reported.push(error));
    });

    await call.hangUp();

    expect(call.state).toBe('Disconnected');
    expect(server.asked('leaveCall')).toHaveLength(1);
    expect(client.calls).toEqual([]);
    expect(devices.liveTracks).toEqual([]);
    expect(reported).toContain(failure);
  });
});

describe.each(['audio', 'video'] as const)(
  'a processor of %s that is still beginning when the call ends',
  (kind) => {
    it('is stopped when it has begun, with what it made', async () => {
      const { call } = await connectedCall();
      const { processor, outputs, state } = fakeProcessor(kind);
      const begin = processor.start.bind(processor);
      const model = Promise.withResolvers<void>();
      processor.start = async (...args) => {
        await model.promise;

        return begin(...args);
      };
      const stream = await call.startVideo();
      const set =
        kind === 'audio'
          ? call.setAudioProcessor(processor as AudioProcessor)
          : stream.setProcessor(processor as VideoProcessor);
      await nextTurn();
      await call.hangUp();
      const before = state.stops;

      model.resolve();
      await set.catch(() => {});
      await nextTurn();

      expect(outputs.map(({ readyState }) => readyState)).toEqual(['ended']);
      expect(state.stops).toBe(before + 1);
    });
  },
);

describe('where nothing is to be sent without its processor', () => {
  it('a picture whose processor cannot begin is never sent, be it set before or in the call', async () => {
    const { call, devices, media } = await connectedCall(new FakeServer(), { sendUnprocessed: false });
    const [before, during] = [fakeProcessor('video'), fakeProcessor('video')];
    before.state.failure = new Error('no model');
    during.state.failure = before.state.failure;
    const stream = new LocalVideoStreamImpl(asTrack(new FakeTrack('video', 'room')));
    await stream.setProcessor(fakeProcessor('video').processor);
    stream.setProcessor(before.processor).catch(() => {});

    await expect(call.startVideo(stream)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(media.session.sentFrom('camera')).toBeUndefined();
    const camera = await call.startVideo();
    await expect(camera.setProcessor(during.processor)).rejects.toMatchObject({ code: 'invalid_state' });

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.filter(({ kind }) => kind === 'video')).toEqual([]);
  });
});

describe('a processor of the picture', () => {
  it('gives what is sent and shown, of a camera that stays on, and is told of', async () => {
    const { stream, fake, sent, devices } = await callWithProcessor();

    expect(sent()).toBe(fake.outputs[0]);
    expect(stream.mediaStream.getVideoTracks()).toEqual(fake.outputs);
    expect(fake.inputs).toEqual(devices.liveTracks.filter(({ kind }) => kind === 'video'));
    expect(stream.processor).toBe(fake.processor);
    expect(stream.source).toMatchObject({ id: 'cam-1' });
  });

  it('goes on with another camera, and what it made of the one before is stopped', async () => {
    const { stream, fake, sent } = await callWithProcessor();
    await stream.switchSource({ id: 'cam-2', name: 'Second' });

    expect(sent()).toBe(fake.outputs[1]);
    expect(fake.outputs.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    expect(fake.inputs.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    expect(fake.state.stops).toBe(0);
  });

  it('goes on with the camera that takes the place of one that is unplugged', async () => {
    const { fake, sent, devices } = await callWithProcessor();
    devices.unplug('cam-1');
    await nextTurn();

    expect(sent()).toBe(fake.outputs[1]);
  });

  it('is the same on hold and after it', async () => {
    const { call, fake, sent, media } = await callWithProcessor();
    await call.hold();
    await call.resume();

    expect(sent()).toBe(fake.outputs[0]);
    expect(media.session.sentFrom('camera')?.state).not.toBe('closed');
    expect(fake.inputs).toHaveLength(1);
  });

  it('gives way to the camera as it is when it is taken out', async () => {
    const { stream, fake, sent } = await callWithProcessor();
    let changes = 0;
    stream.on('processorChanged', () => (changes += 1));

    await stream.setProcessor(undefined);

    expect(sent()).toBe(fake.inputs[0]);
    expect(fake.inputs[0]?.readyState).toBe('live');
    expect(fake.outputs[0]?.readyState).toBe('ended');
    expect([fake.state.stops, changes, stream.processor]).toEqual([1, 1, undefined]);
  });

  it('that fails at the start leaves the camera as it is, and says so', async () => {
    const { call, media } = await connectedCall();
    const stream = await call.startVideo();
    const fake = fakeProcessor('video');
    fake.state.failure = new Error('no such model');
    const failures: unknown[] = [];
    stream.on('processorFailed', (error) => failures.push(error));

    await stream.setProcessor(fake.processor);

    expect(failures).toEqual([fake.state.failure]);
    expect(stream.processor).toBeUndefined();
    expect(media.session.sentFrom('camera')?.track).toBe(fake.inputs[0]);
  });

  it('that fails later gives way to the camera as it is, and says so once', async () => {
    const { stream, fake, sent } = await callWithProcessor();
    const failures: unknown[] = [];
    stream.on('processorFailed', (error) => failures.push(error));
    const failure = new Error('the graphics processor is gone');

    fake.state.listener?.onError(failure);
    fake.state.listener?.onError(failure);
    await nextTurn();

    expect(failures).toEqual([failure]);
    expect(sent()).toBe(fake.inputs[0]);
    expect(fake.outputs[0]?.readyState).toBe('ended');
  });

  it('that does not keep up is told of', async () => {
    const { stream, fake } = await callWithProcessor();
    const rates: number[] = [];
    stream.on('processorFrameRateLow', (framesPerSecond) => rates.push(framesPerSecond));

    fake.state.listener?.onFrameRateLow(7);
    await stream.setProcessor(undefined);
    fake.state.listener?.onFrameRateLow(6);

    expect(rates).toEqual([7]);
  });

  it('is stopped with the video, with what it made and the camera', async () => {
    const { call, fake, devices } = await callWithProcessor();
    await call.stopVideo();

    expect([fake.state.stops, fake.outputs[0]?.readyState]).toEqual([1, 'ended']);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('is a TypeError where it is none, and refused where it cannot work and where the video is over', async () => {
    const { call, stream, fake } = await callWithProcessor();
    const sound = fakeProcessor('audio').processor as unknown as VideoProcessor;
    await expect(stream.setProcessor(sound)).rejects.toThrow(TypeError);
    await expect(stream.setProcessor(5 as unknown as VideoProcessor)).rejects.toThrow(TypeError);
    await expect(stream.setProcessor({ ...fake.processor, isSupported: false })).rejects.toMatchObject({
      code: 'not_supported',
    });
    expect(stream.processor).toBe(fake.processor);

    await call.stopVideo();
    await expect(stream.setProcessor(fake.processor)).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('a processor of the sound', () => {
  it('gives what is sent, through a mute and another microphone', async () => {
    const { call, client, media, devices } = await connectedCall();
    const fake = fakeProcessor('audio');
    const sent = (): unknown => media.session.sentFrom('microphone')?.track;
    devices.plug('audioinput', 'mic-2');

    await call.setAudioProcessor(fake.processor);
    expect(sent()).toBe(fake.outputs[0]);
    await call.mute();
    expect(fake.outputs[0]?.enabled).toBe(false);
    await client.deviceManager.setMicrophone({
      id: 'mic-2',
      name: '',
      deviceType: 'Microphone',
      isSystemDefault: false,
    });
    await call.unmute();

    expect(sent()).toBe(fake.outputs[1]);
    expect(fake.outputs.map(({ readyState }) => readyState)).toEqual(['ended', 'live']);
    expect(fake.outputs[1]?.enabled).toBe(true);
    await call.hangUp();
    expect(fake.outputs[1]?.readyState).toBe('ended');
    expect(devices.liveTracks).toEqual([]);
  });

  it('that was set before the microphone is there has it from the first packet on', async () => {
    const { client, media } = await connectedCall();
    const fake = fakeProcessor('audio');
    const call = client.join({ roomId: 'room-1' });
    await call.setAudioProcessor(fake.processor);
    await nextTurn();

    expect(media.session.sentFrom('microphone')?.track).toBe(fake.outputs[0]);
  });

  it('that fails gives way to the microphone as it is, which is told', async () => {
    const { call, media } = await connectedCall();
    const fake = fakeProcessor('audio');
    const events: unknown[] = [];
    call.on('audioProcessorChanged', () => events.push(call.audioProcessor));
    call.on('audioProcessorFailed', (error) => events.push(error));
    await call.setAudioProcessor(fake.processor);
    const failure = new Error('the worklet has crashed');

    fake.state.listener?.onError(failure);
    await nextTurn();

    expect(events).toEqual([fake.processor, undefined, failure]);
    expect(media.session.sentFrom('microphone')?.track).toBe(fake.inputs[0]);
    expect(fake.inputs[0]?.readyState).toBe('live');
  });

  it('is a TypeError where it is none, and refused once the call has ended', async () => {
    const { call } = await connectedCall();
    const { processor } = fakeProcessor('audio');
    await expect(call.setAudioProcessor({ ...processor, kind: 'video' as 'audio' })).rejects.toThrow(
      TypeError,
    );

    await call.hangUp();
    await expect(call.setAudioProcessor(processor)).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
