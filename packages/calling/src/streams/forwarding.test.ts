import type { ForwardingRule } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { consumerOf } from '../testing/FakeServer.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';
import { RemoteVideoStreamImpl } from './RemoteVideoStreamImpl.ts';

/** Bob's camera, which is received as far as somebody sees it. */
function createStream(rulesOff: ForwardingRule[] = []) {
  const parts = createTestCallMedia({ rulesOff });
  const { media, clock, page } = parts;
  const stream = new RemoteVideoStreamImpl({
    id: 'camera-1',
    type: 'Video',
    isAvailable: true,
    subscribe: (listener) => media.watch('camera-1', 'bob', listener),
    rulesOff: media.rulesOff,
    clock,
  });
  /** A picture in a new place of the page, from its first frame on. */
  const show = async () => {
    const { element, asHtml } = page.target();
    const renderer = await stream.render(asHtml);

    return { element, renderer };
  };

  return { ...parts, stream, show };
}

describe('a picture out of sight', () => {
  it.each(['scrolled away', 'on a page in the background'])(
    'that is %s is paused after 100 ms, closed after 10 s, and comes back with the first look',
    async (how) => {
      const { stream, show, page, clock, server, fakeMedia } = createStream();
      const { element } = await show();
      const look = (isSeen: boolean): void =>
        how === 'scrolled away'
          ? page.scroll(element, isSeen)
          : page.setVisibility(isSeen ? 'visible' : 'hidden');

      look(false);
      await nextTurn();
      clock.pass(99);
      await nextTurn();
      expect(server.asked('pauseConsumers')).toEqual([]);
      clock.pass(1);
      await nextTurn();
      expect(server.asked('pauseConsumers')).toHaveLength(1);
      expect(stream.mediaStream).toBeDefined();
      clock.pass(9_900);
      await nextTurn();
      expect(server.asked('closeConsumers')).toHaveLength(1);
      expect(fakeMedia.session.received.size).toBe(0);
      expect(stream.mediaStream).toBeUndefined();

      look(true);
      await nextTurn();

      expect(server.asked('consume')).toHaveLength(2);
      expect(server.asked('resumeConsumers')).toHaveLength(2);
      expect([...element.children][0]?.srcObject).toBe(stream.mediaStream);
      expect(clock.pending).toBe(0);
    },
  );

  it('that is seen again soon was never paused', async () => {
    const { show, page, clock, server } = createStream();
    const { element } = await show();

    page.scroll(element, false);
    await nextTurn();
    clock.pass(50);
    page.scroll(element, true);
    await nextTurn();
    clock.pass(20_000);
    await nextTurn();

    expect(server.asked('pauseConsumers')).toEqual([]);
    expect(server.asked('closeConsumers')).toEqual([]);
  });

  it('flows on while another one of the same stream is seen, or while it is in a window of its own', async () => {
    const { show, page, clock, server } = createStream();
    const { element } = await show();
    const other = await show();

    page.scroll(element, false);
    await nextTurn();
    clock.pass(100);
    await nextTurn();
    expect(server.asked('pauseConsumers')).toEqual([]);
    page.pictureInPictureElement = [...element.children][0] ?? null;
    element.dispatchEvent(new Event('enterpictureinpicture'));
    page.scroll(other.element, false);
    await nextTurn();
    clock.pass(100);
    await nextTurn();

    expect(server.asked('pauseConsumers')).toEqual([]);
  });

  it('flows on in a window of its own when its element is in a shadow root, whose host alone the page names', async () => {
    const { show, page, clock, server } = createStream();
    const { element } = await show();
    const [shown = null] = element.children;
    element.shadowRoot = { pictureInPictureElement: shown };
    element.dispatchEvent(new Event('enterpictureinpicture'));

    page.setVisibility('hidden');
    await nextTurn();
    clock.pass(100);
    await nextTurn();

    expect(server.asked('pauseConsumers')).toEqual([]);
  });

  it('gets its first frame all the same', async () => {
    const { stream, page, clock, server } = createStream();
    page.showsFramesAtOnce = false;
    const { element, asHtml } = page.target();
    const rendering = stream.render(asHtml);
    await nextTurn();
    page.scroll(element, false);
    await nextTurn();
    clock.pass(1_000);
    await nextTurn();
    expect(server.asked('pauseConsumers')).toEqual([]);

    [...element.children][0]?.showFirstFrame();
    await rendering;
    await nextTurn();
    clock.pass(100);
    await nextTurn();

    expect(server.asked('pauseConsumers')).toHaveLength(1);
  });

  it('flows on where the rule is off', async () => {
    const { show, page, clock, server } = createStream(['pauseHidden']);
    const { element } = await show();

    page.scroll(element, false);
    await nextTurn();
    clock.pass(20_000);
    await nextTurn();

    expect(server.asked('pauseConsumers')).toEqual([]);
    expect(server.asked('closeConsumers')).toEqual([]);
  });

  it('is no longer followed when it is disposed', async () => {
    const { show, page, clock } = createStream();
    const { renderer, element } = await show();
    page.scroll(element, false);
    await nextTurn();

    renderer.dispose();
    await nextTurn();

    expect(page.observedElements).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('the size of a picture', () => {
  it('is told in device pixels, and of several pictures the largest', async () => {
    const { show, page, server, clock } = createStream();
    page.defaultView.devicePixelRatio = 2;
    const small = await show();
    page.resize(small.element, 160, 90);
    await nextTurn();
    const large = await show();
    page.resize(large.element, 640.4, 360);
    await nextTurn();
    clock.pass(100);
    page.resize(small.element, 320, 180);
    await nextTurn();
    clock.pass(100);
    await nextTurn();
    large.renderer.dispose();
    await nextTurn();
    clock.pass(100);
    await nextTurn();

    expect(server.asked('setViewports').map(({ viewports }) => viewports)).toEqual([
      [{ consumerId: 'consumer-of-camera-1', width: 320, height: 180 }],
      [{ consumerId: 'consumer-of-camera-1', width: 1281, height: 720 }],
      [{ consumerId: 'consumer-of-camera-1', width: 640, height: 360 }],
    ]);
  });

  it('is told again when it has settled for 100 ms, as it is then', async () => {
    const { show, page, clock, server } = createStream();
    const { element } = await show();
    page.resize(element, 640, 360);
    await nextTurn();

    for (const width of [600, 500, 400, 320]) {
      page.resize(element, width, (width * 9) / 16);
      await nextTurn();
    }
    expect(server.asked('setViewports')).toHaveLength(1);
    clock.pass(100);
    await nextTurn();

    expect(server.asked('setViewports').map(({ viewports }) => viewports[0]?.width)).toEqual([640, 320]);
    expect(clock.pending).toBe(0);
  });

  it('is not told where the rule is off', async () => {
    const { show, page, server } = createStream(['layerBySize']);
    const { element } = await show();

    page.resize(element, 640, 360);
    await nextTurn();

    expect(server.asked('setViewports')).toEqual([]);
  });
});

describe('a picture that nobody renders', () => {
  it('is not received', async () => {
    const { server } = createStream();
    await nextTurn();

    expect(server.asked('consume')).toEqual([]);
  });

  it.each([
    { rulesOff: ['consumeOnRender', 'pauseHidden'], resumed: 1 },
    { rulesOff: ['consumeOnRender'], resumed: 0 },
  ] as const)('is received all the same with $rulesOff off', async ({ rulesOff, resumed }) => {
    const { server, stream } = createStream([...rulesOff]);
    await nextTurn();

    expect(server.asked('consume')).toHaveLength(1);
    expect(server.asked('resumeConsumers')).toHaveLength(resumed);
    expect(stream.mediaStream).toBeDefined();
  });
});

describe('a picture that was shown', () => {
  it('is frozen while the server does not forward it, and goes on by itself', async () => {
    const { media, stream, show, parametersAfterLoss, fakeMedia } = createStream();
    const { element, renderer } = await show();
    const [video] = element.children;
    const before = video?.srcObject;
    let changes = 0;
    stream.on('mediaStreamChanged', () => (changes += 1));

    media.reset(parametersAfterLoss());
    await nextTurn();
    expect(video?.srcObject).toBe(before);
    expect(renderer.isRendering).toBe(true);
    media.apply({
      name: 'consumersAdded',
      data: {
        callId: 'call-1',
        consumers: [
          { id: 'consumer-2', producerId: 'camera-1', kind: 'video', rtpParameters: { codecs: [] } },
        ],
      },
    });
    await nextTurn();

    expect(video?.srcObject).toBe(stream.mediaStream);
    expect(video?.srcObject).not.toBe(before);
    expect(changes).toBe(1);
    expect(fakeMedia.session.received).toEqual(new Set(['consumer-2']));
  });
});

describe('a picture that the server has no room for', () => {
  it('is asked for again until it has', async () => {
    const { stream, page, server, clock } = createStream();
    server.on('consume', () => {
      throw new CallError('unavailable');
    });
    const rendering = stream.render(page.target().asHtml);
    await nextTurn();
    clock.pass(2_000);
    await nextTurn();
    expect(server.asked('consume')).toHaveLength(2);

    server.on('consume', ({ producerIds }) => ({ consumers: producerIds.map(consumerOf) }));
    clock.pass(4_000);

    await expect(rendering).resolves.toMatchObject({ isRendering: true });
    expect(clock.pending).toBe(0);
  });

  it('is asked for no more when nobody waits for it', async () => {
    const { stream, page, server, clock } = createStream();
    server.on('consume', () => {
      throw new CallError('unavailable');
    });
    const giveUp = new AbortController();
    const rendering = stream.render(page.target().asHtml, 'Fit', { signal: giveUp.signal });
    await nextTurn();

    giveUp.abort();
    await expect(rendering).rejects.toMatchObject({ name: 'AbortError' });
    await nextTurn();

    expect(clock.pending).toBe(0);
  });

  it('is refused for good where trying again is of no use', async () => {
    const { stream, page, server, clock } = createStream();
    server.on('consume', () => {
      throw new CallError('forbidden');
    });

    await expect(stream.render(page.target().asHtml)).rejects.toMatchObject({ code: 'forbidden' });
    expect(clock.pending).toBe(0);
  });
});
