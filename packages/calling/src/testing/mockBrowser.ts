import { afterEach, beforeEach, vi } from 'vitest';
import { browser } from './browserOfFakes.ts';

// For tests that go in by the front door: what is behind it is replaced before any of them is loaded.
vi.mock('../signaling/socketIoSocket.ts', async () => {
  const fakes = await import('./browserOfFakes.ts');

  return { openSocketIoSocket: fakes.browser.openSocket };
});
vi.mock('../media/mediasoupMedia.ts', async () => {
  const fakes = await import('./browserOfFakes.ts');

  return { createMediasoupMedia: () => fakes.browser.media };
});
vi.mock('../devices/browserDevices.ts', async () => {
  const fakes = await import('./browserOfFakes.ts');

  return { browserDevices: () => fakes.browser.devices };
});

beforeEach(() => {
  browser.reset();
  vi.stubGlobal('document', browser.page.asDocument());
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
});
