import type { RevocableToken } from '@parley/backplane';
import type { Identity, Notification, NumberedNotification, Role } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';

/** Whose a place in a call is, also while nobody is connected there: what a revocation or a room's change concerns. */
export type Bearer = Pick<CallEndpoint, 'identity' | 'scopes' | 'guestOf' | 'token'>;

/** What a room looks at before it says in which role somebody may come in. */
export type Admissible = Pick<CallEndpoint, 'identity' | 'scopes' | 'guestOf'>;

/**
 * One connected device of a user as the calls see it. Who it is and what it may do comes from its token alone. It lasts
 * as long as its connection: a participant who loses one comes back with another.
 */
export interface CallEndpoint {
  readonly id: string;
  readonly applicationId: string;
  readonly identity: Identity;
  readonly scopes: SessionClaims['scopes'];
  /** Set for guests: the one room they may enter, and their role there. */
  readonly guestOf?: { readonly roomId: string; readonly role: Role };
  /** What a revocation is compared with. */
  readonly token: RevocableToken;
  /** Whether the token has run out: nothing new is begun then, and nothing privileged done. */
  readonly hasExpired: boolean;
  /** Calls it may take part in at a time. */
  readonly maxCalls: number;
  /** False once the connection is gone; an answer still under way is of no use to it then. */
  readonly isConnected: boolean;
  notify(notification: Notification | NumberedNotification): void;
}
