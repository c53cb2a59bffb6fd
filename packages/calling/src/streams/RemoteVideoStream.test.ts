import type { RequestAnswer } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { consumerOf, joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

async function callWithBobsCamera() {
  const parts = await createTestClient();
  parts.server.on('joinRoom', () =>
    joined('room', 'connected', [
      participant('bob', 'connected', [{ id: 'camera-1', source: 'camera', paused: false }]),
    ]),
  );
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();
  const stream = call.remoteParticipants[0]?.videoStreams[0];
  if (stream === undefined) {
    throw new Error('Bob has no camera.');
  }

  return { ...parts, call, stream };
}

describe('render()', () => {
  it('receives the stream from the first renderer on', async () => {
    const { stream, server, page, media } = await callWithBobsCamera();
    expect(server.asked('consume')).toEqual([]);
    expect(stream.mediaStream).toBeUndefined();
    const { element, asHtml } = page.target();

    const renderer = await stream.render(asHtml, 'Fit');
    await stream.render(page.target().asHtml);

    expect(server.asked('consume')).toEqual([{ callId: 'call-1', producerIds: ['camera-1'] }]);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    expect(media.session.received).toEqual(new Set(['consumer-of-camera-1']));
    const [video] = element.children;
    expect(video).toMatchObject({ muted: true, playsInline: true, isPlaying: true });
    expect(video?.style.objectFit).toBe('contain');
    expect(video?.srcObject).toBe(stream.mediaStream);
    expect(renderer).toMatchObject({ isRendering: true, scalingMode: 'Fit' });
    expect(stream.activeRenderers).toHaveLength(2);
    expect(stream.activeRenderers[0]).toBe(renderer);
  });

  it('resolves with the first decoded frame and not before', async () => {
    const { stream, page } = await callWithBobsCamera();
    page.showsFramesAtOnce = false;
    const { element, asHtml } = page.target();

    const rendering = stream.render(asHtml);
    await nextTurn();
    expect(stream.activeRenderers).toEqual([]);
    for (const video of element.children) {
      video.showFirstFrame();
    }

    await expect(rendering).resolves.toMatchObject({ isRendering: true });
  });

  it('rejects when the stream goes away before its first frame', async () => {
    const { stream, page, server } = await callWithBobsCamera();
    page.showsFramesAtOnce = false;
    const { element, asHtml } = page.target();
    const rendering = stream.render(asHtml);
    await nextTurn();

    server.notify('producerRemoved', { callId: 'call-1', participantId: 'bob-1', producerId: 'camera-1' });

    await expect(rendering).rejects.toMatchObject({ name: 'CallError', code: 'not_found' });
    expect(element.children.size).toBe(0);
    await expect(stream.render(asHtml)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('rejects when the stream is none that can be received here, and asks anew with the next render()', async () => {
    const { stream, server, page } = await callWithBobsCamera();
    server.on('consume', ({ producerIds }) => ({ consumers: [], unavailable: producerIds }));
    const target = page.target();

    await expect(stream.render(target.asHtml)).rejects.toMatchObject({ code: 'not_supported' });
    expect(target.element.children.size).toBe(0);
    server.on('consume', ({ producerIds }) => ({ consumers: producerIds.map(consumerOf) }));

    await expect(stream.render(page.target().asHtml)).resolves.toMatchObject({ isRendering: true });
  });

  it('can be given up before the first frame, after which nothing is received', async () => {
    const { stream, page, media } = await callWithBobsCamera();
    page.showsFramesAtOnce = false;
    const { element, asHtml } = page.target();
    const giveUp = new AbortController();
    const rendering = stream.render(asHtml, 'Fit', { signal: giveUp.signal });
    await nextTurn();
    expect(media.session.received.size).toBe(1);

    giveUp.abort();

    await expect(rendering).rejects.toMatchObject({ name: 'AbortError' });
    await nextTurn();
    expect(element.children.size).toBe(0);
    expect(media.session.received.size).toBe(0);
    await expect(stream.render(asHtml, 'Fit', { signal: giveUp.signal })).rejects.toBe(giveUp.signal.reason);
  });

  it('can be given up while the server has not answered yet', async () => {
    const { stream, page, server, media } = await callWithBobsCamera();
    const answer = Promise.withResolvers<RequestAnswer<'consume'>>();
    server.on('consume', () => answer.promise);
    const giveUp = new AbortController();
    const rendering = stream.render(page.target().asHtml, 'Fit', { signal: giveUp.signal });
    await server.whenAsked('consume');

    giveUp.abort();
    await expect(rendering).rejects.toMatchObject({ name: 'AbortError' });
    answer.resolve({ consumers: [consumerOf('camera-1')] });

    await expect(server.whenAsked('closeConsumers')).resolves.toMatchObject({
      consumerIds: ['consumer-of-camera-1'],
    });
    expect(media.session.received.size).toBe(0);
    expect(server.asked('resumeConsumers')).toEqual([]);
  });

  it('rejects a wrong argument with a TypeError', async () => {
    const { stream, page } = await callWithBobsCamera();

    for (const target of ['#bob', null, undefined]) {
      await expect(stream.render(target as unknown as HTMLElement)).rejects.toThrow(
        new TypeError('The target of render() must be an element of a page.'),
      );
    }
    await expect(stream.render(page.target().asHtml, 'Zoom' as 'Fit')).rejects.toThrow(TypeError);
  });

  it('plays with the next gesture where the browser refuses to before', async () => {
    const { stream, page } = await callWithBobsCamera();
    page.refusesToPlay = true;
    const { element, asHtml } = page.target();
    await stream.render(asHtml);
    await nextTurn();
    const [video] = element.children;
    expect(video?.isPlaying).toBe(false);

    // The beginning of a touch lets nothing play yet: asking then would be refused once more.
    page.dispatchEvent(new Event('pointerdown'));
    page.refusesToPlay = false;
    page.dispatchEvent(new Event('pointerup'));

    expect(video?.isPlaying).toBe(true);
  });
});

describe('dispose()', () => {
  it('of the last renderer ends what is received', async () => {
    const { stream, server, page, media } = await callWithBobsCamera();
    const { element, asHtml } = page.target();
    const first = await stream.render(asHtml);
    const second = await stream.render(page.target().asHtml);

    const [video] = element.children;
    first.dispose();
    first.dispose();
    await nextTurn();
    expect(element.children.size).toBe(0);
    // What a page still holds would hold the media, too.
    expect(video?.srcObject).toBeNull();
    expect(server.asked('closeConsumers')).toEqual([]);
    second.dispose();

    await expect(server.whenAsked('closeConsumers')).resolves.toEqual({
      callId: 'call-1',
      consumerIds: ['consumer-of-camera-1'],
    });
    expect(media.session.received.size).toBe(0);
    expect(stream.activeRenderers).toEqual([]);
    expect(stream.mediaStream).toBeUndefined();
  });

  it('followed by render() at once shows the stream again', async () => {
    const { stream, page, media } = await callWithBobsCamera();
    const { asHtml } = page.target();
    const first = await stream.render(asHtml);

    first.dispose();
    const second = await stream.render(asHtml);

    expect(second.isRendering).toBe(true);
    expect(media.session.received.size).toBe(1);
  });
});

describe('pause()', () => {
  it('of every renderer pauses the stream on the server, and resume() of one lets it flow', async () => {
    const { stream, server, page } = await callWithBobsCamera();
    const first = await stream.render(page.target().asHtml);
    const second = await stream.render(page.target().asHtml);

    await first.pause();
    await nextTurn();
    expect(first.isRendering).toBe(false);
    expect(server.asked('pauseConsumers')).toEqual([]);
    await second.pause();
    await expect(server.whenAsked('pauseConsumers')).resolves.toMatchObject({
      consumerIds: ['consumer-of-camera-1'],
    });
    await first.resume();
    await nextTurn();

    expect(first.isRendering).toBe(true);
    expect(server.asked('resumeConsumers')).toHaveLength(2);
  });

  it('freezes the picture, also when another stream takes the place of the one before', async () => {
    const { stream, page, server } = await callWithBobsCamera();
    const [paused, other] = [page.target(), page.target()];
    const renderer = await stream.render(paused.asHtml);
    await stream.render(other.asHtml);
    const [video] = paused.element.children;
    await renderer.pause();
    expect(video?.isPlaying).toBe(false);
    const before = stream.mediaStream;

    const consumers = [{ ...consumerOf('camera-1'), id: 'consumer-2' }];
    server.notify('mediaReset', {
      callId: 'call-1',
      media: { ...joined('room', 'connected').media, consumers },
    });
    await nextTurn();

    expect(stream.mediaStream).not.toBe(before);
    expect(video?.srcObject).toBe(stream.mediaStream);
    expect([video, ...other.element.children].map((shown) => shown?.isPlaying)).toEqual([false, true]);
    await renderer.resume();
    expect(video?.isPlaying).toBe(true);
  });

  it('rejects after dispose()', async () => {
    const { stream, page } = await callWithBobsCamera();
    const renderer = await stream.render(page.target().asHtml);
    renderer.dispose();

    await expect(renderer.pause()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(renderer.resume()).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('setScalingMode()', () => {
  it('changes the picture and tells it', async () => {
    const { stream, page } = await callWithBobsCamera();
    const { element, asHtml } = page.target();
    const renderer = await stream.render(asHtml);
    let told = 0;
    renderer.on('scalingModeChanged', () => (told += 1));

    renderer.setScalingMode('Stretch');
    renderer.setScalingMode('Stretch');

    expect([...element.children][0]?.style.objectFit).toBe('fill');
    expect(told).toBe(1);
    expect(() => renderer.setScalingMode('Zoom' as 'Fit')).toThrow(TypeError);
  });
});

describe('a remote stream', () => {
  it('says under both names that its sender has paused it', async () => {
    const { stream, server } = await callWithBobsCamera();
    const told: string[] = [];
    stream.on('isAvailableChanged', () => told.push('isAvailableChanged'));
    stream.on('availabilityChanged', () => told.push('availabilityChanged'));

    server.notify('producerPaused', { callId: 'call-1', participantId: 'bob-1', producerId: 'camera-1' });

    expect(stream.isAvailable).toBe(false);
    expect(told).toEqual(['isAvailableChanged', 'availabilityChanged']);
  });

  it('of a shared screen is not among the cameras', async () => {
    const { call, server } = await callWithBobsCamera();
    const [bob] = call.remoteParticipants;
    const added: unknown[] = [];
    bob?.on('screenSharingStreamsUpdated', (update) => added.push(...update.added));

    server.notify('producerAdded', {
      callId: 'call-1',
      participantId: 'bob-1',
      producer: { id: 'screen-1', source: 'screen', paused: false },
    });

    expect(bob?.videoStreams).toHaveLength(1);
    expect(bob?.screenSharingStreams).toEqual(added);
    expect(bob?.screenSharingStreams[0]?.type).toBe('ScreenSharing');
  });

  it('takes its renderers with it when the call ends', async () => {
    const { call, stream, page } = await callWithBobsCamera();
    const { element, asHtml } = page.target();
    const renderer = await stream.render(asHtml);

    await call.hangUp();

    expect(renderer.isRendering).toBe(false);
    expect(element.children.size).toBe(0);
    expect(stream.isAvailable).toBe(false);
  });
});
