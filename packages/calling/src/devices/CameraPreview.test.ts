import { expect, it } from 'vitest';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

async function previewed() {
  const parts = await createTestClient();
  const preview = await parts.client.deviceManager.renderPreviewVideo(
    { id: 'cam-1', name: 'First' },
    parts.page.target().asHtml,
  );

  return { ...parts, preview };
}

it('a preview of a camera that gives no picture is stopped at once', async () => {
  const { preview, page, devices } = await previewed();
  page.showsFramesAtOnce = false;
  const starting = preview.start();
  await nextTurn();
  expect(devices.liveTracks).toHaveLength(1);

  const stopping = preview.stop();

  expect(devices.liveTracks).toEqual([]);
  await Promise.all([starting, stopping]);
  expect(preview.isRendering).toBe(false);
});

it('a preview whose camera is unplugged says that it shows nothing, and can be started again', async () => {
  const { preview, devices } = await previewed();
  await preview.start();
  const told: boolean[] = [];
  preview.on('isRenderingChanged', () => told.push(preview.isRendering));

  devices.unplug('cam-1');
  expect(preview.isRendering).toBe(false);
  devices.plug('videoinput', 'cam-1');
  await preview.start();

  expect(told).toEqual([false, true]);
  expect(devices.liveTracks).toHaveLength(1);
});
