import { CallError } from '../errors.ts';

/**
 * The next frame of a stream, as large as it is there.
 *
 * @param gone Rejects when there will be none.
 * @throws CallError `not_supported` outside a page.
 */
export async function snapshotOf(
  stream: MediaStream,
  gone: Promise<never> = new Promise(() => {}),
): Promise<ImageBitmap> {
  if (typeof document === 'undefined') {
    throw new CallError('not_supported', 'There is no page to draw a snapshot in.');
  }
  const element = document.createElement('video');
  element.muted = true;
  element.playsInline = true;
  element.srcObject = stream;
  try {
    // Resolves once there is something to play (HTML standard, media elements).
    await Promise.race([element.play(), gone]);

    return await createImageBitmap(element);
  } finally {
    element.srcObject = null;
  }
}
