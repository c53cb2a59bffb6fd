import { createDeferred, type Disposable } from '@parley/kit';
import { CallError } from '../errors.ts';

/**
 * The next frame of a stream, as large as it is there.
 *
 * @param gone Rejects when there will be none.
 * @param onOther Tells of a stream that goes on in its place, until it is disposed.
 * @throws CallError `not_supported` outside a page.
 */
export async function snapshotOf(
  stream: MediaStream,
  gone: Promise<never> = new Promise(() => {}),
  onOther: (show: (stream: MediaStream) => void) => Disposable = () => () => {},
): Promise<ImageBitmap> {
  if (typeof document === 'undefined') {
    throw new CallError('not_supported', 'There is no page to draw a snapshot in.');
  }
  const element = document.createElement('video');
  element.muted = true;
  element.playsInline = true;
  const shown = createDeferred<void>();
  const show = (next: MediaStream): void => {
    element.srcObject = next;
    // Resolves once there is something to play (HTML standard, media elements); of a stream before it is only aborted.
    element.play().then(
      () => shown.resolve(),
      (error: unknown) => (element.srcObject === next ? shown.reject(error) : undefined),
    );
  };
  const forget = onOther(show);
  try {
    show(stream);
    await Promise.race([shown.promise, gone]);

    return await createImageBitmap(element);
  } finally {
    forget();
    element.srcObject = null;
  }
}
