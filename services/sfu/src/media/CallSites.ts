import type { MediaWorker } from '../workers/MediaWorker.ts';
import { CallSite } from './CallSite.ts';

export interface CallSitesOptions {
  /** Everybody in the call; whoever is at no site is on the way to one. */
  readonly participants: () => readonly { readonly site: CallSite | undefined }[];
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
  /** Where somebody is being taken; as often as that is going on. */
  readonly #destinations = new Set<{ readonly worker: MediaWorker }>();

  constructor(options: CallSitesOptions) {
    this.#options = options;
  }

  get workers(): readonly MediaWorker[] {
    return [...this.#byWorker.keys()];
  }

  get all(): readonly CallSite[] {
    return [...this.#open];
  }

  /** Makes sure of a site on that worker. */
  async open(worker: MediaWorker): Promise<void> {
    await this.#on(worker);
  }

  /**
   * Takes somebody to the site on that worker, which is opened when there is none, and not closed as deserted as long
   * as the task goes on. Rejects with `unavailable` when the site was lost meanwhile, whatever went wrong because of that.
   */
  async toward(worker: MediaWorker, task: (site: CallSite) => Promise<void>): Promise<void> {
    const destination = { worker };
    this.#destinations.add(destination);
    try {
      const site = await this.#on(worker);
      await task(site).catch((error: unknown) => {
        site.requireOpen();
        throw error;
      });
    } finally {
      this.#destinations.delete(destination);
      this.closeDeserted();
    }
  }

  /** Closes sites that nobody is at any more, nor being taken to; one stays for those who come. */
  closeDeserted(): void {
    const participants = this.#options.participants();
    if (participants.some(({ site }) => site === undefined)) {
      return;
    }
    const needed = new Set(
      [...participants.map(({ site }) => site), ...this.#destinations].map((of) => of?.worker),
    );
    const isNeeded = ({ worker }: CallSite): boolean => needed.has(worker);
    const [, ...superfluous] = this.all.toSorted(
      (one, other) => Number(isNeeded(other)) - Number(isNeeded(one)),
    );
    superfluous.filter((site) => !isNeeded(site)).forEach((site) => this.close(site));
  }

  /** Idempotent. */
  close(site: CallSite): void {
    if (this.#open.delete(site)) {
      this.#byWorker.delete(site.worker);
      site.close();
      this.#options.onClosed(site);
    }
  }

  #on(worker: MediaWorker): Promise<CallSite> {
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
