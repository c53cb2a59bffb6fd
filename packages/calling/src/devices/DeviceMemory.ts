import * as z from 'zod/mini';

export type DeviceKind = 'camera' | 'microphone' | 'speaker';

/** The ids of the devices that the person has chosen, kept from one visit of the page to the next. */
export interface DeviceMemory {
  read(): Partial<Record<DeviceKind, string>>;
  write(kind: DeviceKind, id: string): void;
}

const key = 'parley.devices';
const schema = z.record(z.string(), z.string());

/** In `localStorage`; where there is none, or the browser does not allow it, nothing is remembered. */
export const browserMemory: DeviceMemory = {
  read() {
    try {
      return schema.parse(JSON.parse(localStorage.getItem(key) ?? '{}'));
    } catch {
      return {};
    }
  },
  write(kind, id) {
    try {
      // Another tab may have written meanwhile.
      localStorage.setItem(key, JSON.stringify({ ...browserMemory.read(), [kind]: id }));
    } catch {
      // As above.
    }
  },
};
