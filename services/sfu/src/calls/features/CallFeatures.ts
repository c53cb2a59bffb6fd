import type { CallSnapshot, CustomItems } from '@parley/protocol';
import type { Clock } from '@parley/kit';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Roster } from '../participants/Roster.ts';

export interface CallFeaturesOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly clock: Clock;
  readonly customData: CustomItems;
  /** Whom everyone is to see large has changed. */
  readonly onSpotlight: (participantIds: readonly string[]) => void;
}

/** What people do in a call beside being seen and heard. */
export class CallFeatures {
  readonly #options: CallFeaturesOptions;

  constructor(options: CallFeaturesOptions) {
    this.#options = options;
  }

  /** What of it is kept for those who come later. */
  get snapshot(): Pick<CallSnapshot, 'spotlight' | 'customData' | 'chat'> {
    return { spotlight: [], customData: this.#options.customData, chat: [] };
  }

  /** The participant has left. */
  forget(_participantId: string): void {}
}
