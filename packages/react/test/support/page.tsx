import { act, cleanup, render, renderHook } from '@testing-library/react';
import type { CallClient } from '@parley/calling';
import type { ReactNode } from 'react';
import { afterEach } from 'vitest';
import { CallClientProvider } from '../../src/CallClientProvider.tsx';
import { nextTurn } from './fakeCall.ts';

// React looks here for whether `act` is used.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
afterEach(cleanup);

// The one of happy-dom takes its own streams only, not those of the fakes.
const sources = new WeakMap<HTMLMediaElement, MediaProvider | null>();
Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
  get(this: HTMLMediaElement) {
    return sources.get(this) ?? null;
  },
  set(this: HTMLMediaElement, source: MediaProvider | null) {
    sources.set(this, source);
  },
});

export { act, render, renderHook };

/** Lets happen what was begun, and React render what came of it. */
export const settle = (): Promise<void> => act(nextTurn);

/** A wrapper that gives this client. */
export function withClient(client: CallClient) {
  return ({ children }: { children?: ReactNode }) => (
    <CallClientProvider client={client}>{children}</CallClientProvider>
  );
}

/** Every picture in the page shows its first frame. */
export async function showFirstFrames(): Promise<void> {
  await settle();
  for (const video of document.querySelectorAll('video')) {
    video.dispatchEvent(new Event('loadeddata'));
  }
  await settle();
}
