import type { CallNotification, Resumed, Snapshot } from '@parley/protocol';
import type { CallEndReason } from '../endReason.ts';

/** The answers that lead back into the call. */
export type CaughtUp = Exclude<Resumed, { action: 'stop' | 'redirect' }>;

/** Who is told what comes over the connection of a call. */
export interface CallListener {
  onNotification(notification: CallNotification): void;
  /** Everything as it is now, where single changes are not known. */
  onSnapshot(snapshot: Snapshot): void;
  /** The connection is lost; what is requested waits. */
  onLost(): void;
  /** Back in one's place; what was missed has been told. What is requested goes out again after this. */
  onResumed(answer: CaughtUp): void;
  /** The place is gone. */
  onEnded(reason: CallEndReason): void;
}
