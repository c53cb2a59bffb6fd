import type { Clock } from '@parley/kit';
import type { ForwardingRule } from '@parley/protocol';
import type { Subscription, SubscriptionListener } from '../streams/Subscription.ts';

/** One sound being listened to, however it comes. */
export interface Hearing {
  /** Undefined while it is not heard: it has not arrived yet, or others are louder. */
  readonly stream: MediaStream | undefined;
  /** Its sender has ended it. Idempotent. */
  end(): void;
}

/** What a participant needs of the call it is in. Sound and picture of one `syncGroup` are played in step. */
export interface ParticipantMedia {
  watch(producerId: string, syncGroup: string, listener: SubscriptionListener): Subscription;
  /** Has a sound heard until its end. `onChanged` tells that its stream is another. */
  hear(producerId: string, syncGroup: string, onChanged: () => void): Hearing;
  readonly clock: Clock;
  /** Of the forwarding policy. */
  readonly rulesOff: ReadonlySet<ForwardingRule>;
}
