import type { ConsumerInfo, IceServer, MediaState } from '@parley/protocol';
import type { Shedding } from '../workers/shedding.ts';
import type { CallSite } from './CallSite.ts';
import type { Reception } from './Reception.ts';
import type { SentStream } from './SentStream.ts';
import type { Stream } from './Stream.ts';

/** What the call has to know of its participants, and knows for them. */
export interface ParticipantSurroundings {
  /** To reach the transports by: anew each time, for their credentials do not last. */
  iceServers(): IceServer[];
  /** What the worker that the participant is on does to stay able to carry what it has. */
  sheddingAt(site: CallSite): Shedding;
  /** Which of the encodings of those streams anybody wants, as the participant was told it last. */
  encodingsWanted(streams: readonly SentStream[]): MediaState['encodingsWanted'];
  /** The stream of anybody in the call. */
  find(producerId: string): Stream | undefined;
  /** They are about to send something, for the first time or over another transport again. */
  onSending(isAgain: boolean): void;
  onStreamOpened(stream: SentStream): void;
  /** Its pictures are of another size. */
  onStreamResized(stream: SentStream): void;
  onStreamLost(stream: SentStream): void;
  onStreamClosed(stream: SentStream): void;
  onConsumersAdded(consumers: readonly ConsumerInfo[]): void;
  onConsumersClosed(consumerIds: readonly string[]): void;
  onReceptionChanged(reception: Reception): void;
  /** Packets of what the participant sends were lost for a while. */
  onSendingResumed(streams: readonly SentStream[]): void;
  onClosed(): void;
}
