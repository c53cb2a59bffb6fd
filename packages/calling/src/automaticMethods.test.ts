import { describe, expect, it } from 'vitest';
import { CallError } from './errors.ts';
import type { RenderOptions } from './rendering/renderingTypes.ts';
import { bobsMedia } from './testing/bobsMedia.ts';
import { connectedCall } from './testing/connectedCall.ts';
import { createTestClient, nextTurn, passInSteps } from './testing/testClient.ts';

describe('what one method does by itself is told otherwise with its own option', () => {
  it('muted: a call begins with the microphone on, or muted', async () => {
    const mutedOf = async (audioOptions: { muted?: boolean }) => {
      const { client } = await createTestClient();
      const call = client.join({ roomId: 'room-1' }, { audioOptions });
      await nextTurn();

      return call.isMuted;
    };

    expect([await mutedOf({}), await mutedOf({ muted: true })]).toEqual([false, true]);
  });

  it('isMirrored: a camera of this page is shown as in a mirror, or as the others see it', async () => {
    const transformsOf = async (options: RenderOptions) => {
      const { client, call, page } = await connectedCall();
      const stream = await call.startVideo();
      const [inCallTarget, previewTarget] = [page.target(), page.target()];
      await stream.render(inCallTarget.asHtml, 'Crop', options);
      const preview = await client.deviceManager.renderPreviewVideo(
        undefined,
        previewTarget.asHtml,
        'Crop',
        options,
      );
      await preview.start();

      return [inCallTarget, previewTarget].map(({ element }) => [...element.children][0]?.style.transform);
    };

    expect(await transformsOf({})).toEqual(['scaleX(-1)', 'scaleX(-1)']);
    expect(await transformsOf({ isMirrored: false })).toEqual([undefined, undefined]);
  });

  it('constraints: what a microphone and a shared tab give is processed, or left as it is', async () => {
    const openedWith = async (noiseSuppression: boolean | undefined) => {
      const { client, devices } = await createTestClient();
      const constraints = noiseSuppression === undefined ? {} : { noiseSuppression };
      client.join({ roomId: 'room-1' }, { audioOptions: { constraints } });
      await nextTurn();

      return devices.opened[0]?.audio;
    };
    const processed = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

    expect(await openedWith(undefined)).toMatchObject(processed);
    expect(await openedWith(false)).toMatchObject({ ...processed, noiseSuppression: false });
  });

  it('signal: a picture that the server has no room for is asked for again, or given up', async () => {
    const { stream, server, page, clock } = await bobsMedia();
    server.on('consume', () => {
      throw new CallError('unavailable');
    });
    const givenUp = new AbortController();
    const rendered = stream.render(page.target().asHtml, 'Crop', { signal: givenUp.signal });
    await nextTurn();
    await passInSteps(clock, 10_000, 1_000);
    const asked = server.asked('consume').length;
    expect(asked).toBeGreaterThan(1);

    givenUp.abort(new Error('enough'));
    await expect(rendered).rejects.toThrow('enough');
    await passInSteps(clock, 60_000, 1_000);

    expect(server.asked('consume')).toHaveLength(asked);
  });
});
