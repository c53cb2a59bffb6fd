// @vitest-environment happy-dom
import { CallError } from '@parley/calling';
import { StrictMode } from 'react';
import { describe, expect, it } from 'vitest';
import { asMediaStream, FakeStream, FakeTrack } from '../../calling/src/testing/fakeMediaStream.ts';
import { callId, fakeCall } from '../test/support/fakeCall.ts';
import { render, settle, showFirstFrames } from '../test/support/page.tsx';
import type { VideoStream } from './Picture.ts';
import { VideoView, type VideoViewProps } from './VideoView.tsx';

const videos = (): HTMLVideoElement[] => [...document.querySelectorAll('video')];
const view = (stream: VideoStream | undefined, props: Partial<VideoViewProps> = {}) => (
  <StrictMode>
    <VideoView stream={stream} {...props} />
  </StrictMode>
);

describe('<VideoView>', () => {
  it('shows a stream once, also under StrictMode, for as long as it is mounted', async () => {
    const { camera, server } = await fakeCall();
    const { unmount, container } = render(view(camera, { className: 'tile', style: { width: 320 } }));
    await showFirstFrames();
    expect(camera.activeRenderers).toHaveLength(1);
    expect(videos().map(({ srcObject }) => srcObject)).toEqual([camera.mediaStream]);
    expect(container.querySelector<HTMLElement>('.tile')?.style.width).toBe('320px');
    expect(server.asked('consume')).toHaveLength(1);

    unmount();

    expect(camera.activeRenderers).toEqual([]);
    expect(videos()).toEqual([]);
  });

  it('leaves no renderer after 200 times, unmounted before or after the first frame', async () => {
    const { camera } = await fakeCall();
    const rendered: unknown[] = [];
    camera.on('activeRenderersUpdated', ({ added }) => rendered.push(...added));
    for (let time = 0; time < 200; time += 1) {
      const { unmount } = render(view(camera));
      // At once, while it is received, and when it is shown.
      await [async () => {}, settle, showFirstFrames][time % 3]?.();
      unmount();
    }
    await settle();

    expect(rendered).toHaveLength(66);
    expect(camera.activeRenderers).toEqual([]);
    expect(videos()).toEqual([]);
  });

  it('takes a picture off the page that comes after it was unmounted', async () => {
    const { camera } = await fakeCall();
    const rendered: { signal: AbortSignal | undefined; target: HTMLElement }[] = [];
    const renderStream = camera.render.bind(camera);
    // As if the frame were on its way already when the signal comes.
    const renderAnyway: typeof camera.render = (target, scalingMode, options) => {
      rendered.push({ signal: options?.signal, target });

      return renderStream(target, scalingMode);
    };
    Object.assign(camera, { render: renderAnyway });
    const errors: unknown[] = [];
    const { unmount } = render(view(camera, { onError: (error) => errors.push(error) }));
    await settle();
    unmount();
    const [{ signal, target } = {}] = rendered;
    target?.querySelector('video')?.dispatchEvent(new Event('loadeddata'));
    await settle();

    expect(rendered).toHaveLength(1);
    expect(signal?.aborted).toBe(true);
    expect(camera.activeRenderers).toEqual([]);
    expect(target?.children).toHaveLength(0);
    expect(errors).toEqual([]);
  });

  it('changes the scaling mode of the picture that is there', async () => {
    const { camera } = await fakeCall();
    const { rerender } = render(view(camera, { scalingMode: 'Fit' }));
    await showFirstFrames();
    const [video] = videos();
    expect(video?.style.objectFit).toBe('contain');

    rerender(view(camera, { scalingMode: 'Crop' }));

    expect(videos()).toEqual([video]);
    expect(video?.style.objectFit).toBe('cover');
  });

  it('takes over a scaling mode that is given before the first frame', async () => {
    const { camera } = await fakeCall();
    const { rerender } = render(view(camera, { scalingMode: 'Fit' }));
    await settle();
    rerender(view(camera, { scalingMode: 'Stretch' }));
    await showFirstFrames();

    expect(camera.activeRenderers.map(({ scalingMode }) => scalingMode)).toEqual(['Stretch']);
  });

  it('keeps the picture of one stream until the first frame of the next', async () => {
    const { camera, screen } = await fakeCall();
    const { rerender } = render(view(camera));
    await showFirstFrames();
    const [before] = videos();

    rerender(view(screen));
    await settle();
    expect(videos()[0]).toBe(before);
    expect(camera.activeRenderers).toHaveLength(1);
    await showFirstFrames();

    expect(videos()).toHaveLength(1);
    expect(videos()).not.toContain(before);
    expect([camera.activeRenderers.length, screen.activeRenderers.length]).toEqual([0, 1]);
  });

  it('keeps no picture for a stream that has nothing to show, nor for none', async () => {
    const { camera, screen, server } = await fakeCall();
    server.notify('producerPaused', { callId, participantId: 'bob-1', producerId: 'screen-1' });
    const { rerender } = render(view(camera));
    await showFirstFrames();
    rerender(view(screen));
    await settle();
    expect(camera.activeRenderers).toEqual([]);
    rerender(view(camera));
    await showFirstFrames();
    expect(camera.activeRenderers).toHaveLength(1);

    rerender(view(undefined));

    expect(camera.activeRenderers).toEqual([]);
    expect(videos()).toEqual([]);
  });

  it('shows of three streams given in a row the last one only', async () => {
    const { camera, screen } = await fakeCall();
    const { rerender } = render(view(camera));
    rerender(view(screen));
    rerender(view(camera));
    await showFirstFrames();

    expect([camera.activeRenderers.length, screen.activeRenderers.length]).toEqual([1, 0]);
    expect(videos()).toHaveLength(1);
  });

  it('does not render anew when only its other properties change', async () => {
    const { camera, server } = await fakeCall();
    const { rerender } = render(view(camera, { onError: () => {} }));
    await showFirstFrames();
    const [video] = videos();

    rerender(view(camera, { onError: () => {}, className: 'large', mirrored: true }));
    await settle();

    expect(videos()).toEqual([video]);
    expect(server.asked('consume')).toHaveLength(1);
  });

  it('keeps no picture for a stream that cannot be shown', async () => {
    const { camera, screen } = await fakeCall();
    Object.assign(screen, { render: () => Promise.reject(new CallError('not_supported')) });
    const errors: unknown[] = [];
    const onError = (error: unknown): number => errors.push(error);
    const { rerender } = render(view(camera, { onError }));
    await showFirstFrames();
    expect(camera.activeRenderers).toHaveLength(1);

    rerender(view(screen, { onError }));
    await settle();

    expect(errors).toMatchObject([{ code: 'not_supported' }]);
    expect(camera.activeRenderers).toEqual([]);
    expect(videos()).toEqual([]);
  });

  it('tells why there is no picture', async () => {
    const { camera, server } = await fakeCall();
    const errors: unknown[] = [];
    render(view(camera, { onError: (error) => errors.push(error) }));
    await settle();
    server.notify('producerRemoved', { callId, participantId: 'bob-1', producerId: 'camera-1' });
    await settle();

    expect(errors).toMatchObject([{ code: 'not_found' }]);
    expect(videos()).toEqual([]);
  });

  it.each([
    ['own', undefined, true],
    ['own', false, false],
    ['drawn', undefined, false],
    ['drawn', false, false],
    ['drawn', true, true],
    ['other', undefined, false],
    ['other', true, true],
  ])('mirrors the %s picture with mirrored=%s: %s', async (whose, mirrored, isMirrored) => {
    const { call, camera } = await fakeCall();
    const drawing = asMediaStream(new FakeStream([new FakeTrack('video', 'canvas')]));
    const stream =
      whose === 'other' ? camera : await call.startVideo(whose === 'drawn' ? drawing : undefined);
    const { container } = render(view(stream, { mirrored, className: 'tile' }));
    await showFirstFrames();

    const flips = [container.querySelector<HTMLElement>('.tile'), ...videos()].filter(
      (element) => element?.style.transform === 'scaleX(-1)',
    );
    expect(videos()).toHaveLength(1);
    expect(flips.length % 2 === 1).toBe(isMirrored);
  });
});
