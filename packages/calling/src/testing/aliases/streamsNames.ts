import { expect, vi } from 'vitest';
import { VideoStreamRenderer } from '../../released/index.ts';
import { browser } from '../browserOfFakes.ts';
import { callId } from '../presentersCall.ts';
import { callWithBob } from './callWithBob.ts';
import type { Names } from './Names.ts';

/** The element that a view brings, in no page yet. */
function newElement() {
  const { element, asHtml } = browser.page.target();
  const remove = vi.fn<() => void>();
  Object.assign(element, { style: {}, remove });
  vi.spyOn(browser.page, 'createElement').mockImplementation((name) =>
    name === 'div' ? (element as never) : new browser.MediaElement(browser.page, name),
  );

  return { element, asHtml, remove };
}

export const streamsNames: Record<string, Names> = {
  streams: {
    async seed() {
      const { bob: participant } = await callWithBob();

      expect(participant.videoStreams.map(({ id }) => id)).toEqual(['camera-1']);
      expect(participant.screenSharingStreams.map(({ id }) => id)).toEqual(['screen-1']);
    },
    async released() {
      const { bob: participant } = await callWithBob();

      expect(participant.videoStreams.map((stream) => stream.mediaStreamType)).toEqual(['Video']);
      expect(participant.screenSharingStreams[0]?.mediaStreamType).toBe('ScreenSharing');
    },
  },
  stream: {
    async seed() {
      const { stream, page, server } = await callWithBob();
      const told: unknown[] = [];
      stream.on('availabilityChanged', () => told.push(stream.isAvailable));
      stream.on('activeRenderersChanged', () => told.push(stream.activeRenderers));
      const renderer = await stream.render(page.target().asHtml);
      server.notify('producerPaused', { callId, participantId: 'bob-1', producerId: 'camera-1' });

      expect(stream.type).toBe('Video');
      expect(told).toEqual([[renderer], false]);
    },
    async released() {
      const { stream, server } = await callWithBob();
      const told: unknown[] = [];
      stream.on('isAvailableChanged', () => told.push(stream.isAvailable));
      server.notify('producerPaused', { callId, participantId: 'bob-1', producerId: 'camera-1' });

      expect([stream.id, stream.mediaStreamType, told]).toEqual(['camera-1', 'Video', [false]]);
    },
  },
  'raw stream': {
    async released() {
      const { stream, page } = await callWithBob();
      const { element, asHtml } = page.target();
      const sizes: unknown[] = [];
      stream.on('sizeChanged', () => sizes.push(stream.size));
      const received: unknown[] = [];
      stream.on('isReceivingChanged', () => received.push(stream.isReceiving));
      await stream.render(asHtml);
      expect(received).toEqual([true]);
      const [video] = element.children;
      Object.assign(video ?? {}, { videoWidth: 320, videoHeight: 180 });
      video?.dispatchEvent(new Event('resize'));

      expect(sizes).toEqual([{ width: 320, height: 180 }]);
      expect(await stream.getMediaStream()).toBe(stream.mediaStream);
    },
  },
  rendering: {
    async seed() {
      const { stream, page } = await callWithBob();
      const { asHtml } = page.target();
      const renderer = await stream.render(asHtml, 'Fit');
      expect([renderer.isRendering, renderer.scalingMode, renderer.target]).toEqual([true, 'Fit', asHtml]);
      expect(stream.activeRenderers[0]).toBe(renderer);
      renderer.setScalingMode('Stretch');
      await renderer.pause();
      expect([renderer.isRendering, renderer.scalingMode]).toEqual([false, 'Stretch']);
      await renderer.resume();
      expect(renderer.isRendering).toBe(true);
    },
    async released() {
      const { stream } = await callWithBob();
      const { asHtml, remove } = newElement();
      const view = await new VideoStreamRenderer(stream).createView({ scalingMode: 'Fit', isMirrored: true });
      expect([view.target, view.scalingMode, view.isMirrored]).toEqual([asHtml, 'Fit', true]);
      expect(stream.activeRenderers).toEqual([view]);
      await view.updateScalingMode('Crop');
      expect(view.scalingMode).toBe('Crop');
      view.dispose();
      expect([stream.activeRenderers, remove.mock.calls.length]).toEqual([[], 1]);
    },
  },
};
