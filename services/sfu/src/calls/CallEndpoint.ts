import type { Identity, Notification, Role } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';

/**
 * One connected device of a user as the calls see it. Who it is and what it may do comes from its token alone.
 */
export interface CallEndpoint {
  readonly id: string;
  readonly applicationId: string;
  readonly identity: Identity;
  readonly scopes: SessionClaims['scopes'];
  /** Set for guests: the one room they may enter, and their role there. */
  readonly guestOf?: { readonly roomId: string; readonly role: Role };
  /** Calls it may take part in at a time. */
  readonly maxCalls: number;
  /** False once the connection is gone; an answer still under way is of no use to it then. */
  readonly isConnected: boolean;
  notify(notification: Notification): void;
}
