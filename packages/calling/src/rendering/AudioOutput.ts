import { SerialQueue } from '@parley/kit';
import { CallError } from '../errors.ts';
import type { Playback } from './Playback.ts';
import { playElement } from './playElement.ts';

/**
 * Everything heard. Each stream plays through an `<audio>` element of its own: sound that goes through Web
 * Audio would escape the browser's echo cancellation.
 */
export class AudioOutput {
  readonly #elements = new Set<HTMLAudioElement>();
  readonly #changes = new SerialQueue('speaker');
  readonly #page: () => Document;
  #speakerId: string | undefined;

  /** @param page Asked when there is something to play; importing the SDK must not touch a document. */
  constructor(page: () => Document) {
    this.#page = page;
  }

  play(stream: MediaStream): Playback {
    const page = this.#page();
    const element = page.createElement('audio');
    element.hidden = true;
    element.srcObject = stream;
    this.#elements.add(element);
    // In the page, where a developer and the browser's own media controls find it.
    page.body.append(element);
    if (this.#speakerId !== undefined) {
      // A speaker that has gone meanwhile leaves this element on the system's choice.
      element.setSinkId(this.#speakerId).catch(() => {});
    }
    let forget = playElement(element);

    return {
      continueWith: (next) => {
        forget();
        element.srcObject = next;
        forget = playElement(element);
      },
      stop: () => {
        forget();
        this.#elements.delete(element);
        element.pause();
        element.srcObject = null;
        element.remove();
      },
    };
  }

  /** @throws CallError `not_supported` where the browser leaves the choice to the system. */
  async setSpeaker(speakerId: string): Promise<void> {
    if (!('setSinkId' in this.#page().createElement('audio'))) {
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

  /** All of them are asked, and have answered, before it fails. */
  async #direct(speakerId: string): Promise<void> {
    const asked = [...this.#elements].map((element) => element.setSinkId(speakerId));
    await Promise.allSettled(asked);
    await Promise.all(asked);
  }
}
