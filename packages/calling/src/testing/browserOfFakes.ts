import type { OpenSocket } from '../signaling/SocketPort.ts';
import { FakeDevices } from './FakeDevices.ts';
import { FakeMedia } from './FakeMedia.ts';
import { FakeMediaElement, FakePage } from './fakePage.ts';
import { FakeServer } from './FakeServer.ts';

/** What stands in for the browser where a test goes in by the front door, as applications do, and mocks what is behind. */
export const browser = {
  server: new FakeServer(),
  media: new FakeMedia(),
  devices: new FakeDevices(),
  page: new FakePage(),
  MediaElement: FakeMediaElement,
  openSocket: ((...args) => browser.server.openSocket(...args)) as OpenSocket,
  reset(): void {
    browser.server = new FakeServer();
    // By the clock of this machine, which there is no fake of here.
    browser.server.tokenExpiresAtMs = Date.now() + 24 * 60 * 60_000;
    browser.media = new FakeMedia();
    browser.devices = new FakeDevices();
    browser.page = new FakePage();
  },
};
