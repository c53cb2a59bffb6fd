import type { CallNotification, CallSnapshot, NumberedNotification } from '@parley/protocol';
import type { Participant } from '../participants/Participant.ts';

/** Of no use to a client that builds its media anew. */
const aboutMedia: ReadonlySet<string> = new Set<CallNotification['name']>([
  'mediaReset',
  'consumersAdded',
  'consumersClosed',
]);

export interface CaughtUp {
  missed: NumberedNotification[];
  sequence: number;
  snapshot?: { sequence: number; call: CallSnapshot };
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
    const call = options.snapshotFor(participant);
    if (!options.isRejoining) {
      tellConsumers(participant, call.id);
    }

    return { missed: [], sequence, snapshot: { sequence, call } };
  }

  return { sequence, missed: missed.filter(({ name }) => !(options.isRejoining && aboutMedia.has(name))) };
}

/** A snapshot says nothing of consumers, and the client may have missed that it was given some. */
export function tellConsumers(participant: Participant, callId: string): void {
  const { consumers } = participant.media.parameters;
  if (consumers.length > 0) {
    participant.tell({ name: 'consumersAdded', data: { callId, consumers } });
  }
}
