import type { Clock } from '@parley/kit';
import { ProtocolError, type EndReasonName, type MediaParameters } from '@parley/protocol';
import type { Logger } from 'pino';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import type { CallSite } from './CallSite.ts';
import { CallSites } from './CallSites.ts';
import { mediaError } from './mediaError.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';
import type { Placement } from './Placement.ts';
import { settle, settleEach } from './settle.ts';
import { WorkerLosses } from './WorkerLosses.ts';

export type MoveCause = 'workerDeath' | 'workerMove';

export interface WhereaboutsOptions {
  readonly placement: Placement;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Everybody in the call, on the way to a worker or there. */
  readonly participants: () => readonly MediasoupParticipantMedia[];
  /** Whether the call should go over to one more worker only when it has to. */
  readonly avoidsSpan: () => boolean;
  /** The call goes over to one more worker, beside one that it stays on. */
  readonly onSpanning: () => void;
  readonly openTransports: (
    site: CallSite,
    participant: MediasoupParticipantMedia,
  ) => Promise<ParticipantTransports>;
  readonly onOpened: (site: CallSite) => Promise<void>;
  readonly onClosed: (site: CallSite) => void;
  /** The participant's client is to build these in the place of those it has. */
  readonly onReset: (participant: MediasoupParticipantMedia, media: MediaParameters) => void;
  /** So many participants are on another worker, since theirs died or was relieved. */
  readonly onMoved: (cause: MoveCause, participants: number) => void;
  /** There is no worker left to be on. */
  readonly onLost: (reason: EndReasonName) => void;
}

/** How often the next worker is tried when one dies on the way there. */
const maxAttempts = 3;

/**
 * Where the participants of one call are: takes newcomers to a worker, and everybody from one to another, when it has
 * died, is to be closed or has too much to do.
 *
 * Nothing of this waits for anything else of it: a worker may die while a call is moved off it, to one that hangs. Each
 * passes over whom another has taken from their place meanwhile, and the loss of a worker takes everybody from it.
 */
export class Whereabouts {
  readonly #options: WhereaboutsOptions;
  readonly #sites: CallSites;
  readonly #losses: WorkerLosses;
  #isClosed = false;

  constructor(options: WhereaboutsOptions) {
    this.#options = options;
    this.#losses = new WorkerLosses(options.clock);
    this.#sites = new CallSites({
      participants: options.participants,
      onOpened: async (site) => {
        this.#requireOpen();
        await options.onOpened(site);
        this.#requireOpen();
      },
      onLost: (site) => this.#lose(site),
      onClosed: (site) => options.onClosed(site),
    });
  }

  get sites(): readonly CallSite[] {
    return this.#sites.all;
  }

  /** Makes sure of a worker before anybody comes. Rejects with `unavailable` when there is none. */
  async open(): Promise<void> {
    await this.#sites.open(this.#options.placement.forNewcomer([], { avoidsSpan: false }));
  }

  /** Those who are there and know it; who is still on the way there finds another one by themselves. */
  on(worker: MediaWorker): MediasoupParticipantMedia[] {
    return this.#options
      .participants()
      .filter(({ site, isAttached }) => isAttached && site?.worker === worker);
  }

  /** Whether anything of the call is on the worker. */
  isOn(worker: MediaWorker): boolean {
    return this.sites.some((site) => site.worker === worker);
  }

  /**
   * Takes a newcomer to a worker, or to the next one when that dies under them.
   *
   * @param onFound Says, before they arrive, what they are to receive from the start.
   */
  async bring(participant: MediasoupParticipantMedia, onFound: (site: CallSite) => void): Promise<void> {
    const { placement, avoidsSpan, openTransports, onSpanning } = this.#options;
    await this.#trying(async () => {
      const present = this.#sites.workers;
      const worker = placement.forNewcomer(present, { avoidsSpan: avoidsSpan() });
      // From one that is drained, the others are on their way to this one.
      const staysElsewhere = present.some((other) => !placement.isRetired(other));
      await this.#sites.toward(worker, async (site) => {
        try {
          const transports = await openTransports(site, participant);
          if (staysElsewhere && !present.includes(worker)) {
            onSpanning();
          }
          onFound(site);
          await participant.attach(site, transports);
          site.requireOpen();
          participant.run();
        } catch (error) {
          participant.detach();
          throw error;
        }
      });
    });
  }

  /** Relieves the worker of this call. Resolves when all participants have been told of their new transports. */
  async move(from: MediaWorker, to: MediaWorker): Promise<void> {
    to.cpu.joined(this.on(from).length);
    await this.#move(from, to);
  }

  /** As `move`, to whichever worker has least to do. */
  async moveAway(from: MediaWorker): Promise<void> {
    await this.#trying(() => {
      const others = this.#sites.workers.filter((worker) => worker !== from);

      return this.#move(from, this.#options.placement.forMovers(others, this.on(from).length));
    });
  }

  /** Something is about to be sent, for the first time or over another transport again. */
  sends(isAgain: boolean): void {
    this.#losses.sends(isAgain);
  }

  /** Somebody has gone: there may be a site that nobody is at any more. */
  closeDeserted(): void {
    this.#sites.closeDeserted();
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.sites.forEach((site) => this.#sites.close(site));
  }

  async #move(from: MediaWorker, to: MediaWorker): Promise<void> {
    await this.#sites.toward(to, async (site) => {
      // Again for those who came while the others were moved.
      for (let left = this.on(from); left.length > 0; left = this.on(from)) {
        await this.#take(left, { to: site, cause: 'workerMove', how: settle }).catch((error: unknown) =>
          this.#rescue(left, site, error),
        );
      }
    });
    this.sites.filter(({ worker }) => worker === from).forEach((left) => this.#sites.close(left));
  }

  /** Under a worker that was closed it is over, and not to be mended. */
  #lose({ worker }: CallSite): void {
    const { placement, onLost } = this.#options;
    if (this.#isClosed) {
      return;
    }
    if (!worker.hasDied && !placement.isRetired(worker)) {
      onLost('server_ended');
    } else if (worker.hasDied && this.#losses.add() === 'unstable') {
      onLost('media_unstable');
    } else {
      // Also of a drained worker, to which somebody was on the way when it was looked at for the last time.
      const affected = this.on(worker);
      affected.forEach((participant) => participant.stopReceiving());
      affected.forEach((participant) => participant.detach());
      void this.#recover(affected, 'workerDeath');
    }
  }

  /** Their move to the site has failed: those who had left for it already are taken elsewhere; the others stay. */
  async #rescue(
    participants: readonly MediasoupParticipantMedia[],
    site: CallSite,
    error: unknown,
  ): Promise<void> {
    const stranded = participants.filter((one) => one.site === site && !one.isAttached);
    if (stranded.length === 0) {
      throw error;
    }
    await this.#recover(stranded, 'workerMove');
  }

  /** Takes those who have lost their site to another one. */
  async #recover(participants: readonly MediasoupParticipantMedia[], cause: MoveCause): Promise<void> {
    const { placement, logger, onLost } = this.#options;
    if (participants.length === 0) {
      return;
    }
    try {
      await this.#trying(async () => {
        const lost = participants.filter(({ isAttached, isClosed }) => !isAttached && !isClosed);
        if (lost.length > 0) {
          const worker = placement.forMovers(this.#sites.workers, lost.length);
          await this.#sites.toward(worker, (to) => this.#take(lost, { to, cause, how: settleEach }));
        }
      });
      logger.info({ participants: participants.length }, 'media moved after the loss of a worker');
    } catch (error) {
      if (!this.#isClosed) {
        logger.error({ err: error }, 'media not moved after the loss of a worker');
        onLost('media_failed');
      }
    }
  }

  /** Has them settled there, one way or the other, and tells how many have come even when not all have. */
  async #take(
    participants: readonly MediasoupParticipantMedia[],
    { to, cause, how }: { readonly to: CallSite; readonly cause: MoveCause; readonly how: typeof settle },
  ): Promise<void> {
    const { openTransports, onReset, onMoved } = this.#options;
    let settled = 0;
    try {
      await how(participants, {
        site: to,
        openTransports: (participant) => openTransports(to, participant),
        onSettled: (participant) => {
          settled += 1;
          onReset(participant, participant.parameters);
        },
      });
    } finally {
      if (settled > 0) {
        onMoved(cause, settled);
      }
    }
  }

  /** Tries the task again when a worker dies under it. */
  async #trying(task: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const isReady = await this.#options.placement.isReadySoon();
      this.#requireOpen();
      try {
        await task();

        return;
      } catch (error) {
        const reason = mediaError(error);
        // With seconds to wait it is not one that has died, but all that are too busy.
        const isLoss = reason.code === 'unavailable' && reason.retryAfterSeconds === undefined;
        if (!isReady || !isLoss || this.#isClosed || attempt === maxAttempts) {
          throw reason;
        }
      }
    }
  }

  #requireOpen(): void {
    if (this.#isClosed) {
      throw new ProtocolError('call_not_found');
    }
  }
}
