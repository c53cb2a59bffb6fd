import type { DevicesPort } from '../devices/DevicesPort.ts';
import { asMediaStream, FakeStream, FakeTrack } from './fakeMediaStream.ts';

/** Devices that can be refused, unplugged and counted. */
export class FakeDevices implements DevicesPort {
  /** Every track ever opened. */
  readonly tracks: FakeTrack[] = [];
  readonly opened: MediaStreamConstraints[] = [];
  readonly #listeners = new Set<() => void>();
  #devices: MediaDeviceInfo[] = [
    device('audioinput', 'mic-1'),
    device('videoinput', 'cam-1'),
    device('videoinput', 'cam-2'),
    device('audiooutput', 'speaker-1'),
  ];
  /** `DOMException` name with which each kind is refused. */
  readonly refusals: { audio?: string; video?: string; screen?: string } = {};
  /** What the browser says unasked; by default, nothing. */
  readonly permissions: { camera?: PermissionState; microphone?: PermissionState } = {};
  /** When set, the browser's question to the person stays open until it resolves. */
  question: Promise<void> | undefined;

  get liveTracks(): FakeTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === 'live');
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  async getUserMedia({ audio, video }: MediaStreamConstraints): Promise<MediaStream> {
    this.opened.push({
      ...(audio === undefined ? {} : { audio }),
      ...(video === undefined ? {} : { video }),
    });
    await this.question;
    const refusal =
      (wants(audio) ? this.refusals.audio : undefined) ?? (wants(video) ? this.refusals.video : undefined);
    if (refusal !== undefined) {
      throw new DOMException('refused', refusal);
    }
    const named = [deviceIdOf(audio), deviceIdOf(video)].filter((id) => id !== undefined);
    if (!named.every((id) => this.#devices.some(({ deviceId }) => deviceId === id))) {
      throw new DOMException('There is no such device.', 'OverconstrainedError');
    }

    return this.#stream([
      ...(wants(audio) ? [new FakeTrack('audio', deviceIdOf(audio) ?? 'mic-1')] : []),
      ...(wants(video) ? [new FakeTrack('video', deviceIdOf(video) ?? 'cam-1')] : []),
    ]);
  }

  async getDisplayMedia({ audio }: DisplayMediaStreamOptions): Promise<MediaStream> {
    if (this.refusals.screen !== undefined) {
      throw new DOMException('refused', this.refusals.screen);
    }

    return this.#stream([
      new FakeTrack('video', 'screen'),
      ...(wants(audio) ? [new FakeTrack('audio', 'screen')] : []),
    ]);
  }

  async enumerateDevices(): Promise<readonly MediaDeviceInfo[]> {
    return this.#devices;
  }

  onDeviceChange(listener: () => void): () => void {
    this.#listeners.add(listener);

    return () => this.#listeners.delete(listener);
  }

  async queryPermission(name: 'camera' | 'microphone'): Promise<PermissionStatus | undefined> {
    const state = this.permissions[name];

    // A status has the members the SDK uses, not those of the real one.
    return state === undefined
      ? undefined
      : (Object.assign(new EventTarget(), { state }) as unknown as PermissionStatus);
  }

  unplug(deviceId: string): void {
    this.#devices = this.#devices.filter((known) => known.deviceId !== deviceId);
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #stream(tracks: FakeTrack[]): MediaStream {
    this.tracks.push(...tracks);

    return asMediaStream(new FakeStream(tracks));
  }
}

function device(kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo {
  return { kind, deviceId, label: `The ${deviceId}`, groupId: '', toJSON: () => ({}) };
}

function wants(constraints: boolean | MediaTrackConstraints | undefined): boolean {
  return constraints !== undefined && constraints !== false;
}

function deviceIdOf(constraints: boolean | MediaTrackConstraints | undefined): string | undefined {
  const wanted = typeof constraints === 'object' ? constraints.deviceId : undefined;

  return typeof wanted === 'object' && 'exact' in wanted ? String(wanted.exact) : undefined;
}
