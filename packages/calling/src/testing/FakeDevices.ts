import type { DevicesPort } from '../devices/DevicesPort.ts';
import { asMediaStream, FakeStream, FakeTrack } from './fakeMediaStream.ts';

/** Devices that can be refused, unplugged and counted. */
export class FakeDevices implements DevicesPort {
  /** Every track ever opened. */
  readonly tracks: FakeTrack[] = [];
  readonly opened: MediaStreamConstraints[] = [];
  /** Who is told how loud each microphone is. */
  readonly meters = new Map<string, (amplitude: number) => void>();
  readonly #listeners = new Set<() => void>();
  #devices: MediaDeviceInfo[] = [
    device('audioinput', 'mic-1'),
    device('videoinput', 'cam-1'),
    device('videoinput', 'cam-2'),
    device('audiooutput', 'speaker-1'),
  ];
  /** `DOMException` name with which each kind is refused. */
  readonly refusals: { audio?: string; video?: string; screen?: string } = {};
  refusalMessage = 'refused';
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
      throw new DOMException(this.refusalMessage, refusal);
    }
    const named = [deviceIdOf(audio), deviceIdOf(video)].filter((id) => id !== undefined);
    if (!named.every((id) => this.#devices.some(({ deviceId }) => deviceId === id))) {
      throw new DOMException('There is no such device.', 'OverconstrainedError');
    }

    return this.#stream([
      ...(wants(audio) ? [this.#track('audio', deviceIdOf(audio))] : []),
      ...(wants(video) ? [this.#track('video', deviceIdOf(video))] : []),
    ]);
  }

  async getDisplayMedia({ audio }: DisplayMediaStreamOptions): Promise<MediaStream> {
    if (this.refusals.screen !== undefined) {
      throw new DOMException(this.refusalMessage, this.refusals.screen);
    }

    return this.#stream([
      new FakeTrack('video', 'screen'),
      ...(wants(audio) ? [new FakeTrack('audio', 'screen')] : []),
    ]);
  }

  async enumerateDevices(): Promise<readonly MediaDeviceInfo[]> {
    return this.#devices;
  }

  measure(track: MediaStreamTrack, onAmplitude: (amplitude: number) => void): () => void {
    this.meters.set(track.label, onAmplitude);

    return () => this.meters.delete(track.label);
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

  /** As in a browser, what was opened of it ends. */
  unplug(deviceId: string): void {
    this.#change(this.#devices.filter((known) => known.deviceId !== deviceId));
    this.liveTracks
      .filter((track) => track.getSettings().deviceId === deviceId)
      .forEach((track) => track.end());
  }

  plug(kind: MediaDeviceKind, deviceId: string): void {
    this.#change([...this.#devices, device(kind, deviceId)]);
  }

  /** As Chromium lists the system's choice: once more, under an id that stays the same. */
  setDefaultMicrophone(name: string): void {
    const others = this.#devices.filter(({ deviceId }) => deviceId !== 'default');
    this.#change([device('audioinput', 'default', name), ...others]);
  }

  #change(devices: MediaDeviceInfo[]): void {
    this.#devices = devices;
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #track(kind: 'audio' | 'video', id: string | undefined): FakeTrack {
    const taken = this.#devices.find(
      (known) => known.kind === `${kind}input` && known.deviceId === (id ?? known.deviceId),
    );
    if (taken === undefined) {
      throw new DOMException('There is none.', 'NotFoundError');
    }

    return new FakeTrack(kind, taken.deviceId, taken.label);
  }

  #stream(tracks: FakeTrack[]): MediaStream {
    this.tracks.push(...tracks);

    return asMediaStream(new FakeStream(tracks));
  }
}

function device(kind: MediaDeviceKind, deviceId: string, label = `The ${deviceId}`): MediaDeviceInfo {
  return { kind, deviceId, label, groupId: '', toJSON: () => ({}) };
}

function wants(constraints: boolean | MediaTrackConstraints | undefined): boolean {
  return constraints !== undefined && constraints !== false;
}

function deviceIdOf(constraints: boolean | MediaTrackConstraints | undefined): string | undefined {
  const wanted = typeof constraints === 'object' ? constraints.deviceId : undefined;

  return typeof wanted === 'object' && 'exact' in wanted ? String(wanted.exact) : undefined;
}
