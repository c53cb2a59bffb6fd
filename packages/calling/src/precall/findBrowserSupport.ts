import type { BrowserSupport } from './precallTypes.ts';

/** What calls need of a page; a page that is not secure has no devices. */
const needed: Readonly<Record<string, (page: typeof globalThis) => unknown>> = {
  RTCPeerConnection: (page) => page.RTCPeerConnection,
  'navigator.mediaDevices': (page) => page.navigator.mediaDevices,
  WebSocket: (page) => page.WebSocket,
  MediaStream: (page) => page.MediaStream,
};

export function findBrowserSupport(page: typeof globalThis): BrowserSupport {
  const missing = Object.keys(needed).filter((name) => needed[name]?.(page) === undefined);

  return { browser: missing.length === 0 ? 'Supported' : 'NotSupported', missing };
}
