// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { createTestClient } from '../../calling/src/testing/testClient.ts';
import { render, settle, showFirstFrames, withClient } from '../test/support/page.tsx';
import { LocalPreview, type LocalPreviewProps } from './LocalPreview.tsx';

const videos = (): HTMLVideoElement[] => [...document.querySelectorAll('video')];

async function preview(props: LocalPreviewProps = {}) {
  const parts = await createTestClient();
  const rendered = render(<LocalPreview {...props} />, {
    wrapper: withClient(parts.client),
    reactStrictMode: true,
  });
  const give = (changed: LocalPreviewProps): void => rendered.rerender(<LocalPreview {...changed} />);
  const cameras = await parts.client.deviceManager.getCameraList();

  return { ...parts, ...rendered, give, cameras };
}

const labels = (tracks: readonly { label: string }[]): string[] => tracks.map(({ label }) => label);

describe('<LocalPreview>', () => {
  it('shows one camera, mirrored, for as long as it is mounted', async () => {
    const { devices, unmount } = await preview({ scalingMode: 'Fit' });
    await showFirstFrames();
    expect(devices.opened).toHaveLength(1);
    expect(devices.liveTracks).toHaveLength(1);
    expect(videos().map(({ style }) => [style.transform, style.objectFit])).toEqual([
      ['scaleX(-1)', 'contain'],
    ]);

    unmount();
    await settle();

    expect(devices.liveTracks).toEqual([]);
    expect(videos()).toEqual([]);
  });

  it('begins with the camera that it is given, and with no other', async () => {
    const { client, devices } = await createTestClient();
    const [, camera] = await client.deviceManager.getCameraList();
    render(<LocalPreview camera={camera} />, { wrapper: withClient(client) });
    await showFirstFrames();

    expect(labels(devices.tracks)).toEqual(['The cam-2']);
  });

  it('changes over to another camera and another scaling mode', async () => {
    const { devices, cameras, give } = await preview();
    await showFirstFrames();
    give({ camera: cameras[1], scalingMode: 'Stretch' });
    await showFirstFrames();

    expect(labels(devices.liveTracks)).toEqual(['The cam-2']);
    expect(videos().map(({ style }) => style.objectFit)).toEqual(['fill']);
  });

  it('turns a camera off that is granted only after it was unmounted', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const parts = await createTestClient();
    parts.devices.question = promise;
    const { unmount } = render(<LocalPreview />, { wrapper: withClient(parts.client) });
    await settle();
    expect(parts.devices.opened).toHaveLength(1);
    unmount();
    resolve();
    await settle();

    expect(parts.devices.tracks).toHaveLength(1);
    expect(parts.devices.liveTracks).toEqual([]);
    expect(videos()).toEqual([]);
  });

  it('never turns a camera on when it is unmounted before it could', async () => {
    const { client, devices } = await createTestClient();
    const { promise, resolve } = Promise.withResolvers<void>();
    const renderPreview = client.deviceManager.renderPreviewVideo.bind(client.deviceManager);
    const renderLate: typeof renderPreview = async (...given) => {
      await promise;

      return renderPreview(...given);
    };
    Object.assign(client.deviceManager, { renderPreviewVideo: renderLate });
    const { unmount } = render(<LocalPreview />, { wrapper: withClient(client) });
    await settle();
    unmount();
    resolve();
    await settle();

    expect(devices.opened).toEqual([]);
  });

  it('tells why there is no picture, and leaves no preview', async () => {
    const { client, devices } = await createTestClient();
    devices.refusals.video = 'NotAllowedError';
    const renderPreview = vi.spyOn(client.deviceManager, 'renderPreviewVideo');
    const errors: unknown[] = [];
    render(<LocalPreview onError={(error) => errors.push(error)} />, { wrapper: withClient(client) });
    await settle();

    expect(errors).toMatchObject([{ code: 'permission_denied' }]);
    const [failed] = await Promise.all(renderPreview.mock.results.map(({ value }) => value));
    await expect(failed?.start()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('tells that another camera cannot be had, and goes on with the present one', async () => {
    const errors: unknown[] = [];
    const { devices, cameras, give } = await preview();
    await showFirstFrames();
    devices.refusals.video = 'NotFoundError';
    give({ camera: cameras[1], onError: (error) => errors.push(error) });
    await settle();

    expect(errors).toMatchObject([{ code: 'device_not_found' }]);
    expect(devices.liveTracks).toHaveLength(1);
  });

  it('is not mirrored where that is not wanted', async () => {
    const { container } = await preview({ mirrored: false, className: 'preview' });
    await showFirstFrames();

    // Once by the SDK and once back.
    expect(container.querySelector<HTMLElement>('.preview')?.style.transform).toBe('scaleX(-1)');
    expect(videos().map(({ style }) => style.transform)).toEqual(['scaleX(-1)']);
  });
});
