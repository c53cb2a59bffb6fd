import { createDeferred } from '@parley/kit';
import { toCallError } from '../errors.ts';
import type { RenderOptions } from './renderingTypes.ts';
import type { ViewRenderer } from './ViewRenderer.ts';

/** Waits until `show` has brought the first frame; whatever comes in between disposes the renderer. */
export async function showFirstFrame(
  renderer: ViewRenderer,
  show: () => Promise<void>,
  { signal }: RenderOptions,
): Promise<void> {
  const givenUp = createDeferred<never>();
  const giveUp = (): void => givenUp.reject(signal?.reason);
  signal?.addEventListener('abort', giveUp);
  try {
    signal?.throwIfAborted();
    await Promise.race([show(), givenUp.promise]);
  } catch (error) {
    renderer.dispose();
    signal?.throwIfAborted();
    throw toCallError(error);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}
