import type { Clock, Timer } from '@parley/kit';
import { maxExpectedVideos } from '@parley/protocol';
import type { IncomingMedia, ReceivedFrames } from '../media/MediaPort.ts';
import type { Call } from './callTypes.ts';

const lookMs = 5_000;

/** As many as a client may ask to be given on entering. */
const most = maxExpectedVideos;

/** A picture that has not moved for so many looks in a row is not sent. */
const stillLooks = 2;

/** For so many looks in a row all must have moved before there may be one more. */
const goodLooks = 6;

/** Of all frames; a machine that drops more has too much to decode. */
const droppedShare = 0.25;

interface VideoCountOptions {
  /** The cameras that are wanted and that the server has been told to send. A screen may stand still. */
  videos: () => readonly IncomingMedia[];
  clock: Clock;
  onChanged: () => void;
}

interface Seen extends ReceivedFrames {
  readonly stills: number;
}

/** How many pictures network and machine carry; `Call.optimalVideoCount` has the rule. */
export class VideoCount {
  readonly #options: VideoCountOptions;
  #count = most;
  #reason: Call['optimalVideoCountReason'];
  #seen = new Map<IncomingMedia, Seen>();
  #good = 0;
  #timer: Timer | undefined;

  constructor(options: VideoCountOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  get reason(): Call['optimalVideoCountReason'] {
    return this.#reason;
  }

  /** Looks for as long as there is something to look at. Idempotent. */
  begin(): void {
    this.#timer ??= this.#options.clock.schedule(lookMs, () => void this.#look());
  }

  /** Idempotent. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    const looks = await Promise.all(
      // What is closed meanwhile has no statistics any more.
      this.#options.videos().map(async (video) => [video, await video.frames().catch(() => {})] as const),
    );
    if (timer !== this.#timer) {
      return;
    }
    const before = this.#seen;
    this.#seen = new Map();
    const sum = { decoded: 0, dropped: 0, still: 0, isDue: false };
    for (const [video, frames] of looks) {
      if (frames !== undefined) {
        const last = before.get(video);
        const decoded = frames.decoded - (last?.decoded ?? 0);
        const stills = last !== undefined && decoded === 0 ? last.stills + 1 : 0;
        sum.decoded += last === undefined ? 0 : decoded;
        sum.dropped += last === undefined ? 0 : frames.dropped - last.dropped;
        sum.still += stills >= stillLooks ? 1 : 0;
        // After 2, 4, 8, ... looks: where its sender is at fault it does not move, however few there are.
        sum.isDue ||= stills >= stillLooks && Number.isInteger(Math.log2(stills / stillLooks));
        this.#seen.set(video, { ...frames, stills });
      }
    }
    this.#judge(this.#seen.size, sum);
    this.#timer = undefined;
    if (looks.length > 0) {
      this.begin();
    }
  }

  #judge(
    shown: number,
    { decoded, dropped, still, isDue }: ReceivedFrames & { still: number; isDue: boolean },
  ): void {
    if (still > 0) {
      if (isDue) {
        this.#set(shown - still, 'bandwidth');
      }
    } else if (dropped > (decoded + dropped) * droppedShare) {
      this.#set(shown - 1, 'performance');
    } else if (shown >= this.#count) {
      this.#good += 1;
      if (this.#good >= goodLooks) {
        this.#set(this.#count + 1, 'recovered');
      }
    }
  }

  #set(count: number, reason: Call['optimalVideoCountReason']): void {
    const before = this.#count;
    this.#good = 0;
    this.#count = Math.min(most, Math.max(1, count));
    this.#reason = this.#count === before ? this.#reason : reason;
    if (this.#count !== before) {
      this.#options.onChanged();
    }
  }
}
