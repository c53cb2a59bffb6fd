import type { CallNotification, CallSnapshot, NumberedNotification, Snapshot } from '@parley/protocol';
import type { Participant } from '../participants/Participant.ts';

/** Of no use to a client that builds its media anew. */
const aboutMedia: ReadonlySet<string> = new Set<CallNotification['name']>([
  'mediaReset',
  'consumersAdded',
  'consumersClosed',
  'encodingsWanted',
]);

export interface CaughtUp {
  missed: NumberedNotification[];
  sequence: number;
  snapshot?: Snapshot;
}

export interface CatchUpOptions {
  /** Of the last notification that arrived. */
  readonly sequence: number;
  /** Whether the client builds its media anew. */
  readonly isRejoining: boolean;
  readonly snapshotFor: (participant: Participant) => CallSnapshot;
}

/** What the participant's client has missed: notification by notification where they are kept, else everything anew. */
export function catchUp(participant: Participant, options: CatchUpOptions): CaughtUp {
  const { mailbox } = participant;
  const { sequence } = mailbox;
  const missed = mailbox.since(options.sequence);
  if (missed === undefined) {
    const snapshot = snapshotOf(participant, options.snapshotFor(participant));
    const { media: _, ...withoutMedia } = snapshot;

    return { missed: [], sequence, snapshot: options.isRejoining ? withoutMedia : snapshot };
  }

  return { sequence, missed: missed.filter(({ name }) => !(options.isRejoining && aboutMedia.has(name))) };
}

/** Everything as it is now, the participant's own media included. */
export function snapshotOf({ mailbox, media: { state } }: Participant, call: CallSnapshot): Snapshot {
  return { sequence: mailbox.sequence, call, ...(state === undefined ? {} : { media: state }) };
}
