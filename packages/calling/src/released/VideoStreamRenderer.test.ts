import { afterEach, describe, expect, it, vi } from 'vitest';
import { callWithBob } from '../testing/aliases/callWithBob.ts';
import { asMediaStream, FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
import type { FakeMediaElement, FakePage } from '../testing/fakePage.ts';
import { callId } from '../testing/presentersCall.ts';
import { nextTurn } from '../testing/testClient.ts';
import { VideoStreamRenderer } from './VideoStreamRenderer.ts';

afterEach(() => vi.unstubAllGlobals());

/** Elements that views bring, in the order in which they were made. */
function watchElements(page: FakePage) {
  const made: { style: Partial<CSSStyleDeclaration>; children: Set<FakeMediaElement>; isInPage: boolean }[] =
    [];
  vi.stubGlobal('document', {
    createElement: () => {
      const { element } = page.target();
      const target = Object.assign(element, {
        style: {},
        isInPage: true,
        remove: () => void (target.isInPage = false),
      });
      made.push(target);

      return target;
    },
  });

  return made;
}

describe('a view of a stream', () => {
  it('is in an element of its own, and each of several in another', async () => {
    const { stream, page } = await callWithBob();
    const made = watchElements(page);
    const renderer = new VideoStreamRenderer(stream);
    const views = [await renderer.createView(), await renderer.createView({ scalingMode: 'Stretch' })];

    expect(views.map(({ target }) => target)).toEqual(made);
    expect(views.map(({ scalingMode, isMirrored }) => [scalingMode, isMirrored])).toEqual([
      ['Crop', false],
      ['Stretch', false],
    ]);
    expect(stream.activeRenderers).toEqual(views);
  });

  it('is mirrored where that is asked for, and one of the own camera unless it is asked not to be', async () => {
    const { call, stream, page } = await callWithBob();
    const made = watchElements(page);
    const own = new VideoStreamRenderer(await call.startVideo());
    const remote = new VideoStreamRenderer(stream);
    const views = [
      await own.createView(),
      await own.createView({ isMirrored: false }),
      await remote.createView(),
      await remote.createView({ isMirrored: true }),
    ];

    expect(views.map(({ isMirrored }) => isMirrored)).toEqual([true, false, false, true]);
    expect(made.map(({ children }) => [...children][0]?.style['transform'] ?? '')).toEqual([
      'scaleX(-1)',
      '',
      '',
      'scaleX(-1)',
    ]);
  });

  it('of what the application has made is mirrored only where that is asked for, and says so', async () => {
    const { call, page } = await callWithBob();
    const made = watchElements(page);
    const drawing = asMediaStream(new FakeStream([new FakeTrack('video', 'canvas')]));
    const renderer = new VideoStreamRenderer(await call.startVideo(drawing));
    const views = [
      await renderer.createView(),
      await renderer.createView({ isMirrored: false }),
      await renderer.createView({ isMirrored: true }),
    ];

    expect(views.map(({ isMirrored }) => isMirrored)).toEqual([false, false, true]);
    expect(made.map(({ children }) => [...children][0]?.style['transform'] ?? '')).toEqual([
      '',
      '',
      'scaleX(-1)',
    ]);
  });

  it('refuses a scaling mode that is none', async () => {
    const { stream, page } = await callWithBob();
    watchElements(page);
    const view = await new VideoStreamRenderer(stream).createView();

    await expect(view.updateScalingMode('Zoom' as never)).rejects.toThrow(TypeError);
    await expect(
      new VideoStreamRenderer(stream).createView({ scalingMode: 'Zoom' as never }),
    ).rejects.toThrow(TypeError);
    expect(view.scalingMode).toBe('Crop');
  });

  it('goes with its stream, and out of the page', async () => {
    const { stream, page, server } = await callWithBob();
    const made = watchElements(page);
    const view = await new VideoStreamRenderer(stream).createView();
    server.notify('producerRemoved', { callId, participantId: 'bob-1', producerId: 'camera-1' });

    expect([view.isRendering, made[0]?.isInPage]).toEqual([false, false]);
    await expect(new VideoStreamRenderer(stream).createView()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a VideoStreamRenderer', () => {
  it('disposes its views and no others, also those that are still being made', async () => {
    const { stream, page } = await callWithBob();
    watchElements(page);
    const renderer = new VideoStreamRenderer(stream);
    const view = await renderer.createView();
    const other = await new VideoStreamRenderer(stream).createView();
    page.showsFramesAtOnce = false;
    const creating = renderer.createView();
    await nextTurn();
    renderer.dispose();
    renderer.dispose();

    await expect(creating).rejects.toMatchObject({ code: 'invalid_state' });
    expect([view.isRendering, other.isRendering]).toEqual([false, true]);
    expect(stream.activeRenderers).toEqual([other]);
    await expect(renderer.createView()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('takes streams of a call and nothing else', () => {
    for (const wrong of [undefined, null, {}, 'camera-1']) {
      expect(() => new VideoStreamRenderer(wrong as never)).toThrow(TypeError);
    }
  });
});
