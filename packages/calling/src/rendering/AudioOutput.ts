import { SerialQueue } from '@parley/kit';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { Playback } from './Playback.ts';
import { playElement, type Player } from './playElement.ts';

/**
 * Everything heard. Each stream plays through an `<audio>` element of its own: sound that goes through Web
 * Audio would escape the browser's echo cancellation.
 */
export class AudioOutput extends EventSource<{ isBlockedChanged: [] }> {
  readonly #players = new Map<HTMLAudioElement, Player>();
  /** What the browser refuses to play. */
  readonly #blocked = new Set<HTMLAudioElement>();
  readonly #changes = new SerialQueue('speaker');
  readonly #page: () => Document;
  readonly #playOnTouch: boolean;
  #speakerId: string | undefined;

  /** @param page Asked when there is something to play; importing the SDK must not touch a document. */
  constructor(page: () => Document, playOnTouch = true) {
    super();
    this.#page = page;
    this.#playOnTouch = playOnTouch;
  }

  get isBlocked(): boolean {
    return this.#blocked.size > 0;
  }

  get canSetSpeaker(): boolean {
    return 'setSinkId' in this.#page().createElement('audio');
  }

  play(stream: MediaStream): Playback {
    const page = this.#page();
    const element = page.createElement('audio');
    element.hidden = true;
    element.srcObject = stream;
    // In the page, where a developer and the browser's own media controls find it.
    page.body.append(element);
    if (this.#speakerId !== undefined) {
      // A speaker that has gone meanwhile leaves this element on the system's choice.
      element.setSinkId(this.#speakerId).catch(() => {});
    }
    const player = playElement(element, (isBlocked) => this.#note(element, isBlocked), this.#playOnTouch);
    this.#players.set(element, player);

    return {
      continueWith: (next) => {
        element.srcObject = next;
        void player.play();
      },
      setMuted: (isMuted) => {
        element.muted = isMuted;
      },
      stop: () => {
        player.stop();
        this.#players.delete(element);
        this.#note(element, false);
        element.pause();
        element.srcObject = null;
        element.remove();
      },
    };
  }

  /** Plays what waits, or was paused. @throws CallError `forbidden` when the browser refuses still. */
  async start(): Promise<void> {
    await this.resume();
    if (this.isBlocked) {
      throw new CallError('forbidden', 'The browser plays sound only after a touch or key of the person.');
    }
  }

  /** Goes on with what the system has paused, as iOS does during a telephone call. */
  async resume(): Promise<void> {
    await Promise.all(
      [...this.#players].flatMap(([element, player]) => (element.paused ? player.play() : [])),
    );
  }

  /** @throws CallError `not_supported` where the browser leaves the choice to the system. */
  async setSpeaker(speakerId: string): Promise<void> {
    if (!this.canSetSpeaker) {
      throw new CallError('not_supported', 'This browser does not let a page choose the speaker.');
    }
    await this.#changes.push(async () => {
      const before = this.#speakerId;
      // First: what begins meanwhile is to be heard there, too.
      this.#speakerId = speakerId;
      try {
        await this.#direct(speakerId);
      } catch (error) {
        this.#speakerId = before;
        // The empty string is the system's choice (W3C Audio Output Devices API).
        await this.#direct(before ?? '').catch(() => {});
        throw error;
      }
    });
  }

  #note(element: HTMLAudioElement, isBlocked: boolean): void {
    const before = this.isBlocked;
    if (isBlocked) {
      this.#blocked.add(element);
    } else {
      this.#blocked.delete(element);
    }
    if (before !== this.isBlocked) {
      this.emit('isBlockedChanged');
    }
  }

  /** All of them are asked, and have answered, before it fails. */
  async #direct(speakerId: string): Promise<void> {
    const asked = [...this.#players.keys()].map((element) => element.setSinkId(speakerId));
    await Promise.allSettled(asked);
    await Promise.all(asked);
  }
}
