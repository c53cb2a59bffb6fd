import type { MediaWorker } from '../workers/MediaWorker.ts';
import { CallSite } from './CallSite.ts';

export interface CallSitesOptions {
  /** The site is there; what fails in it fails the opening. */
  readonly onOpened: (site: CallSite) => Promise<void>;
  /** Its worker died, or was closed. */
  readonly onLost: (site: CallSite) => void;
  readonly onClosed: (site: CallSite) => void;
}

/** The sites of one call, at most one on each worker. */
export class CallSites {
  readonly #options: CallSitesOptions;
  readonly #byWorker = new Map<MediaWorker, Promise<CallSite>>();
  readonly #open = new Set<CallSite>();

  constructor(options: CallSitesOptions) {
    this.#options = options;
  }

  get workers(): readonly MediaWorker[] {
    return [...this.#byWorker.keys()];
  }

  get open(): readonly CallSite[] {
    return [...this.#open];
  }

  /** The site on that worker, which is opened when there is none. */
  on(worker: MediaWorker): Promise<CallSite> {
    const existing = this.#byWorker.get(worker);
    if (existing !== undefined) {
      return existing;
    }
    const opening = this.#make(worker).catch((error: unknown) => {
      this.#byWorker.delete(worker);
      throw error;
    });
    this.#byWorker.set(worker, opening);

    return opening;
  }

  /** Idempotent. */
  close(site: CallSite): void {
    if (this.#open.delete(site)) {
      this.#byWorker.delete(site.worker);
      site.close();
      this.#options.onClosed(site);
    }
  }

  async #make(worker: MediaWorker): Promise<CallSite> {
    const site = await CallSite.create(worker);
    this.#open.add(site);
    site.router.once('workerclose', () => {
      this.close(site);
      this.#options.onLost(site);
    });
    try {
      await this.#options.onOpened(site);
    } catch (error) {
      this.close(site);
      throw error;
    }

    return site;
  }
}
