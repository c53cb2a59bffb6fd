/** A stream that is being heard. */
export interface Playback {
  /** Has another one heard in its place, from the speaker that was chosen for it. */
  continueWith(stream: MediaStream): void;
  setMuted(isMuted: boolean): void;
  stop(): void;
}
