/** A track that can be stopped, and end by itself as an unplugged device does. */
export class FakeTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly label: string;
  readonly #deviceId: string;
  readyState: 'live' | 'ended' = 'live';
  contentHint = '';
  /** Of its pictures. */
  size = { width: 1280, height: 720 };
  enabled = true;
  /** By the system. */
  muted = false;
  readonly clones: FakeTrack[] = [];

  constructor(kind: 'audio' | 'video', deviceId = `${kind}-default`, label = `The ${deviceId}`) {
    super();
    this.kind = kind;
    this.#deviceId = deviceId;
    this.label = label;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  clone(): FakeTrack {
    const clone = new FakeTrack(this.kind, this.#deviceId, this.label);
    clone.enabled = this.enabled;
    this.clones.push(clone);

    return clone;
  }

  /** As the system does. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.#deviceId, ...(this.kind === 'video' ? this.size : {}) };
  }

  /** Ends as the browser ends it: with an event. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream {
  #tracks: FakeTrack[];

  constructor(tracks: FakeTrack[]) {
    this.#tracks = tracks;
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  removeTrack(track: FakeTrack): void {
    this.#tracks = this.#tracks.filter((kept) => kept !== track);
  }
}

/** The fakes have the members the SDK uses, not the hundred of the real ones. */
export function asMediaStream(stream: FakeStream): MediaStream {
  return stream as unknown as MediaStream;
}

/** As above. */
export function asTrack(track: FakeTrack): MediaStreamTrack {
  return track as unknown as MediaStreamTrack;
}
