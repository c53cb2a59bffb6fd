import type { types } from 'mediasoup';
import type { CallSite } from './CallSite.ts';
import { mediaError } from './mediaError.ts';
import type { Viewport } from './mediaTypes.ts';
import type { Stream } from './Stream.ts';

/** One stream that the participant is to receive. It is kept while there is no consumer for it, as during a move. */
export interface Reception {
  readonly stream: Stream;
  /** What the client has asked for, whatever a hold makes of it. */
  isPaused: boolean;
  /** It carries what the participant says themselves, which nobody wants to hear. */
  isOwn: boolean;
  viewport: Viewport | undefined;
  consumer: types.Consumer | undefined;
  making: Making | undefined;
}

/** A consumer that the worker is being asked for. */
export interface Making {
  readonly link: Link;
  readonly consumer: Promise<types.Consumer | undefined>;
}

/** Where the streams arrive. What is made before it runs is told with the transport itself. */
export interface Link {
  readonly site: CallSite;
  readonly transport: types.Transport;
  isRunning: boolean;
}

/** The pictures that there is no room for: cameras before screens, small ones before large ones. */
export function superfluousVideos(receptions: readonly Reception[], limit: number): ReadonlySet<Reception> {
  if (limit === Infinity) {
    return new Set();
  }
  const importance = ({ stream, viewport }: Reception): number =>
    stream.source === 'screen' ? Number.MAX_SAFE_INTEGER : (viewport?.height ?? 0);
  const videos = receptions.filter(({ stream }) => stream.kind === 'video');

  return new Set(videos.toSorted((one, other) => importance(other) - importance(one)).slice(limit));
}

/** The worker may have closed the consumer with its producer and not have said so yet. */
export async function skipGone(consumer: types.Consumer, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const reason = mediaError(error);
    if (!consumer.closed && reason.code !== 'not_found') {
      throw reason;
    }
  }
}
