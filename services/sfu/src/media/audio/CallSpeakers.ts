import type { CallSite } from '../CallSite.ts';
import { SiteSpeakers } from './SiteSpeakers.ts';

export interface CallSpeakersOptions {
  readonly intervalMs: number;
  readonly onSpeakers: (participantIds: readonly string[], dominantSpeaker: string | undefined) => void;
}

/** Who is heard to speak in one call: as its sites say, or, as long as those do not listen, as the slots do. */
export class CallSpeakers {
  readonly #options: CallSpeakersOptions;
  readonly #sites = new Map<CallSite, SiteSpeakers>();
  /** Who speaks at each site, the loudest first. */
  readonly #heard = new Map<CallSite, readonly string[]>();
  #isListening = true;
  /** Whom the worker takes for the dominant speaker, even if nobody has said a word. */
  #candidate: string | undefined;
  #dominant: string | undefined;

  constructor(options: CallSpeakersOptions) {
    this.#options = options;
  }

  async openSite(site: CallSite): Promise<void> {
    const speakers = await SiteSpeakers.open(site.router, this.#options.intervalMs, {
      onSpeakers: (participantIds) => {
        this.#heard.set(site, participantIds);
        this.#tell();
      },
      onDominantSpeaker: (participantId) => {
        this.#candidate = participantId;
        this.#tell();
      },
    });
    this.#sites.set(site, speakers);
    if (!this.#isListening) {
      speakers.setListening(false);
    }
  }

  closeSite(site: CallSite): void {
    this.#sites.delete(site);
    this.#heard.delete(site);
  }

  add(site: CallSite, producerId: string): void {
    this.#sites.get(site)?.add(producerId);
  }

  /** Whether the sites listen. */
  setListening(isListening: boolean): void {
    this.#isListening = isListening;
    this.#sites.forEach((speakers) => speakers.setListening(isListening));
  }

  /** What the slots say, which counts while the sites do not listen. */
  heardInSlots(participantIds: readonly string[], dominantSpeaker: string | undefined): void {
    if (!this.#isListening) {
      this.#dominant = dominantSpeaker ?? this.#dominant;
      this.#options.onSpeakers(participantIds, this.#dominant);
    }
  }

  #tell(): void {
    if (this.#isListening) {
      const speakers = [...this.#heard.values()].flat();
      this.#dominant = speakers.find((id) => id === this.#candidate) ?? this.#dominant;
      this.#options.onSpeakers(speakers, this.#dominant);
    }
  }
}
