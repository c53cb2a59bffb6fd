import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakePage } from '../testing/fakePage.ts';
import { consumerOf } from '../testing/FakeServer.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { RemoteVideoStreamImpl } from './RemoteVideoStreamImpl.ts';

const bitmap = { width: 640, height: 360 };
let drawn: unknown[];
let page: FakePage;

beforeEach(() => {
  drawn = [];
  page = new FakePage();
  vi.stubGlobal('document', page);
  vi.stubGlobal('createImageBitmap', async (element: { srcObject: unknown }) => {
    drawn.push(element.srcObject);

    return bitmap;
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Bob's camera, which nobody shows. */
function bobsCamera() {
  const parts = createTestCallMedia();
  const { media, clock } = parts;
  const stream = new RemoteVideoStreamImpl({
    id: 'camera-1',
    type: 'Video',
    isAvailable: true,
    subscribe: (listener) => media.watch('camera-1', 'bob', listener),
    rulesOff: media.rulesOff,
    clock,
  });

  return { ...parts, stream };
}

describe('getMediaStream()', () => {
  it('has the server send the stream as large as there is, though nobody renders it', async () => {
    const { stream, server } = bobsCamera();

    const mediaStream = await stream.getMediaStream();
    await nextTurn();

    expect(mediaStream).toBe(stream.mediaStream);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    expect(server.asked('setViewports').at(-1)?.viewports).toMatchObject([{ width: 16_384, height: 16_384 }]);
  });

  it('receives nothing any more once its signal is aborted', async () => {
    const { stream, server } = bobsCamera();
    const taking = new AbortController();
    await stream.getMediaStream({ signal: taking.signal });

    taking.abort();
    await nextTurn();

    expect(server.asked('closeConsumers')).toHaveLength(1);
    expect(stream.mediaStream).toBeUndefined();
  });

  it('goes on for a second taker when the first has enough', async () => {
    const { stream, server } = bobsCamera();
    const taking = new AbortController();
    await Promise.all([stream.getMediaStream({ signal: taking.signal }), stream.getMediaStream()]);

    taking.abort();
    await nextTurn();

    expect(server.asked('closeConsumers')).toEqual([]);
  });

  it('rejects with the reason of its signal when that comes first', async () => {
    const { stream, server } = bobsCamera();
    const reason = new Error('not needed');
    await expect(stream.getMediaStream({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.asked('consume')).toEqual([]);

    const taking = new AbortController();
    const taken = stream.getMediaStream({ signal: taking.signal });
    taking.abort(reason);
    await expect(taken).rejects.toBe(reason);
  });

  it('rejects when the stream goes away, or is gone', async () => {
    const { stream } = bobsCamera();
    const taken = stream.getMediaStream();
    stream.end();

    await expect(taken).rejects.toMatchObject({ code: 'not_found' });
    await expect(stream.getMediaStream()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('takeSnapshot()', () => {
  it('of a remote stream receives it for that only', async () => {
    const { stream, server } = bobsCamera();

    await expect(stream.takeSnapshot()).resolves.toBe(bitmap);
    await nextTurn();

    expect(drawn).toHaveLength(1);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    expect(server.asked('closeConsumers')).toHaveLength(1);
  });

  it('rejects when the stream goes away before there is a frame', async () => {
    const { stream } = bobsCamera();
    await stream.getMediaStream();
    vi.spyOn(page, 'createElement').mockImplementation((name) =>
      Object.assign(new FakePage().createElement(name), { play: () => new Promise(() => {}) }),
    );

    const snapshot = stream.takeSnapshot();
    await nextTurn();
    stream.end();

    await expect(snapshot).rejects.toMatchObject({ code: 'not_found' });
    await expect(stream.takeSnapshot()).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that is asked for while the transports are lost is of the stream that comes over the next', async () => {
    const { stream, media, parametersAfterLoss } = bobsCamera();
    const before = await stream.getMediaStream();
    vi.spyOn(page, 'createElement').mockImplementation((name) => {
      const element = new FakePage().createElement(name);
      const play = (): Promise<void> =>
        element.srcObject === before ? new Promise(() => {}) : Promise.resolve();

      return Object.assign(element, { play });
    });

    const snapshot = stream.takeSnapshot();
    await nextTurn();
    media.reset(parametersAfterLoss({ consumers: [{ ...consumerOf('camera-1'), id: 'consumer-2' }] }));

    await expect(snapshot).resolves.toBe(bitmap);
    expect(drawn).toHaveLength(1);
    expect(drawn[0]).not.toBe(before);
  });

  it('of the own camera shows what is sent, and none once that was stopped', async () => {
    const { call } = await connectedCall();
    const stream = await call.startVideo();

    await expect(stream.takeSnapshot()).resolves.toBe(bitmap);
    expect(drawn).toEqual([stream.mediaStream]);
    await call.stopVideo();

    await expect(stream.takeSnapshot()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('of a preview needs it started', async () => {
    const { client } = await createTestClient({ page });
    const preview = await client.deviceManager.renderPreviewVideo(undefined, page.target().asHtml);
    await expect(preview.takeSnapshot()).rejects.toMatchObject({ code: 'invalid_state' });
    await preview.start();

    await expect(preview.takeSnapshot()).resolves.toBe(bitmap);
    preview.dispose();
    await expect(preview.takeSnapshot()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('is refused outside a page', async () => {
    vi.stubGlobal('document', undefined);
    const { call } = await connectedCall();
    const stream = await call.startVideo();

    await expect(stream.takeSnapshot()).rejects.toMatchObject({ code: 'not_supported' });
  });
});

describe('the size of a remote stream', () => {
  it('is that of what is shown, told when it changes, and unknown without a renderer', async () => {
    const { stream } = bobsCamera();
    const sizes: unknown[] = [stream.size];
    stream.on('sizeChanged', () => sizes.push(stream.size));
    const { element, asHtml } = page.target();
    const renderer = await stream.render(asHtml);
    const [video] = element.children;
    const become = (videoWidth: number, videoHeight: number): void => {
      Object.assign(video ?? {}, { videoWidth, videoHeight });
      video?.dispatchEvent(new Event('resize'));
    };

    become(320, 180);
    become(320, 180);
    become(1280, 720);
    renderer.dispose();

    expect(sizes).toEqual([undefined, { width: 320, height: 180 }, { width: 1280, height: 720 }, undefined]);
  });
});
