import { randomUUID } from 'node:crypto';
import { TokenBuckets, type Clock, type Timer } from '@parley/kit';
import { ProtocolError, tooManyRequests, type MediaOffer, type RequestAnswer } from '@parley/protocol';
import type { Logger } from 'pino';
import type { CallEndpoint } from '../calls/CallEndpoint.ts';
import type { MediaService, ProbeMedia } from '../media/mediaTypes.ts';
import type { IceServersFor } from '../turn/iceServers.ts';

/** Enough for a client on a bad network to try everything; it holds transports that nobody else can use. */
export const probeLimitMs = 60_000;

/** Users who try the network within a minute. */
const maxUsers = 100_000;

export interface ProbesOptions {
  readonly media: Pick<MediaService, 'createProbeMedia'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of one user, all of which may come at once. */
  readonly perMinute: number;
  readonly iceServersFor: IceServersFor;
}

type Prober = Pick<CallEndpoint, 'id' | 'applicationId' | 'identity' | 'hasExpired' | 'isConnected'>;

interface Probe {
  readonly probeId: string;
  readonly media: ProbeMedia;
}

/**
 * Media of devices that try the network: no call, no participant, nobody else is told. A device has one at a time:
 *
 *     none ── start ──► opening ──► open ── endProbe, a minute, its connection or worker gone, too much sent ──► none
 */
export class Probes {
  readonly #options: ProbesOptions;
  readonly #rate: TokenBuckets;
  /** By the id of their device. */
  readonly #open = new Map<string, Probe>();

  constructor(options: ProbesOptions) {
    this.#options = options;
    this.#rate = new TokenBuckets({ burstSeconds: 60, max: maxUsers, clock: options.clock });
  }

  /**
   * Opens a probe for the device, whose requests come one after another. Rejects with `token_expired`, `invalid_state` while
   * there is one, `too_many_requests`, and as `createProbeMedia` does.
   */
  async start(prober: Prober, offer: MediaOffer): Promise<RequestAnswer<'startProbe'>> {
    const { media, clock, iceServersFor } = this.#options;
    this.#require(prober);
    const probeId = randomUUID();
    const logger = this.#options.logger.child({
      probeId,
      endpointId: prober.id,
      applicationId: prober.applicationId,
      userId: prober.identity.userId,
    });
    let deadline: Timer | undefined;
    const opened = await media.createProbeMedia({
      probeId,
      offer,
      onClosed: () => {
        deadline?.cancel();
        if (this.#open.get(prober.id)?.probeId === probeId) {
          this.#open.delete(prober.id);
        }
        logger.info('probe ended');
      },
    });
    deadline = clock.schedule(probeLimitMs, () => opened.close());
    this.#open.set(prober.id, { probeId, media: opened });
    logger.info('probe started');
    if (!prober.isConnected) {
      // It went while the transports were made, and `disconnect` found none.
      opened.close();
    }

    return { probeId, media: { ...opened.parameters, iceServers: iceServersFor(prober) } };
  }

  /** The device's own. Throws `not_found` for any other, whether there is one or not. */
  of({ id }: Pick<Prober, 'id'>, probeId: string): ProbeMedia {
    const probe = this.#open.get(id);
    if (probe?.probeId !== probeId) {
      throw new ProtocolError('not_found', 'There is no such probe, or it has ended.');
    }

    return probe.media;
  }

  /** The device is gone, and its probe with it. */
  disconnect({ id }: Pick<Prober, 'id'>): void {
    this.#open.get(id)?.media.close();
  }

  #require({ id, applicationId, identity, hasExpired }: Prober): void {
    if (hasExpired) {
      throw new ProtocolError('token_expired');
    }
    if (this.#open.has(id)) {
      throw new ProtocolError('invalid_state', 'A connection has one probe at a time.');
    }
    const user = JSON.stringify([applicationId, identity.userId]);
    const waitSeconds = this.#rate.take(user, this.#options.perMinute / 60);
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, 'This user has tried the network too often.');
    }
  }
}
