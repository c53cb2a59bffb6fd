import { Disposer, type Disposable } from '@parley/kit';

/** Why the last one has ended by itself, where there was no other. */
export type Lost = 'unplugged' | 'taken';

type Watcher = (track: MediaStreamTrack | undefined) => void;

interface CapturedSoundOptions {
  /** Turns off what is not captured any more. */
  stop: (track: MediaStreamTrack) => void;
  /** It has ended by itself. */
  onEnded: (track: MediaStreamTrack) => void;
  onAvailableChanged: () => void;
}

/** What a microphone captures, one track after the other, and whether the system has taken it from a page that is hidden. */
export class CapturedSound {
  readonly #options: CapturedSoundOptions;
  readonly #watchers = new Set<Watcher>();
  #track: MediaStreamTrack | undefined;
  #forgetTrack = new Disposer();
  #lost: Lost | undefined;
  /** As the system had it when the page was hidden: a person may have muted it in the browser's own controls. */
  #wasMutedBySystem = false;

  constructor(options: CapturedSoundOptions) {
    this.#options = options;
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** The system has taken it since the page was hidden. */
  get wasTaken(): boolean {
    return this.#lost !== undefined || (this.#track?.muted === true && !this.#wasMutedBySystem);
  }

  /** Whether it was unplugged and there was no other; with a name, also whether one of another name is in use. */
  isOther(name: string | undefined): boolean {
    const isInUse = name !== undefined && this.#track?.readyState === 'live';

    return this.#lost === 'unplugged' || (isInUse && this.#track?.label !== name);
  }

  /** Tells the track in use, now and whenever it is another, until the returned function is called. */
  watch(watcher: Watcher): Disposable {
    this.#watchers.add(watcher);
    watcher(this.#track);

    return () => this.#watchers.delete(watcher);
  }

  /** The page is hidden. */
  hide(): void {
    this.#wasMutedBySystem = this.#track?.muted ?? false;
  }

  /** Goes on with that; what was before is turned off. */
  take(track: MediaStreamTrack): void {
    this.#lost = undefined;
    if (track === this.#track) {
      return;
    }
    const { stop, onEnded } = this.#options;
    const onTrackEnded = (): void => onEnded(track);
    this.#forgetTrack.dispose();
    this.#forgetTrack = new Disposer();
    this.#forgetTrack.add(() => stop(track));
    track.addEventListener('ended', onTrackEnded);
    this.#forgetTrack.add(() => track.removeEventListener('ended', onTrackEnded));
    this.#set(track);
  }

  /** Turns it off: nothing is captured until another is taken. `lost` where that is nobody's wish. */
  drop(lost?: Lost): void {
    this.#lost = lost;
    this.#forgetTrack.dispose();
    this.#set(undefined);
  }

  #set(track: MediaStreamTrack | undefined): void {
    const before = this.#track;
    this.#track = track;
    if (track !== before) {
      this.#watchers.forEach((watcher) => watcher(track));
    }
    if ((track === undefined) !== (before === undefined)) {
      this.#options.onAvailableChanged();
    }
  }
}
