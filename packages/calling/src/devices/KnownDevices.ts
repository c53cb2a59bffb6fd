import { Disposer, SerialQueue } from '@parley/kit';
import { toDeviceLists, type DeviceLists } from './deviceLists.ts';
import type { DevicesPort } from './DevicesPort.ts';

/** The devices that the browser names, looked at again whenever some come or go, until `dispose()`. */
export class KnownDevices {
  readonly #devices: DevicesPort;
  readonly #onListed: (after: DeviceLists, before: DeviceLists) => void;
  readonly #cleanups = new Disposer();
  // One after another, so that an older list never replaces a newer one.
  readonly #listing = new SerialQueue('device lists');
  #lists: DeviceLists = { cameras: [], microphones: [], speakers: [] };

  constructor(devices: DevicesPort, onListed: (after: DeviceLists, before: DeviceLists) => void) {
    this.#devices = devices;
    this.#onListed = onListed;
    const refresh = (): void => {
      // Where devices cannot be listed there are none to tell of.
      this.refresh().catch(() => {});
    };
    this.#cleanups.add(devices.onDeviceChange(refresh));
    refresh();
  }

  refresh(): Promise<DeviceLists> {
    return this.#listing.push(async () => {
      const after = toDeviceLists(await this.#devices.enumerateDevices());
      if (!this.#cleanups.disposed) {
        const before = this.#lists;
        this.#lists = after;
        this.#onListed(after, before);
      }

      return after;
    });
  }

  /** Idempotent. */
  dispose(): void {
    this.#cleanups.dispose();
  }
}
