import type { CallSnapshot, CustomItems } from '@parley/protocol';
import type { Clock } from '@parley/kit';
import type { CallRate } from '../participants/CallRate.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Roster } from '../participants/Roster.ts';
import { Chat } from './Chat.ts';
import { CustomData } from './CustomData.ts';
import { Hands } from './Hands.ts';
import { Reactions } from './Reactions.ts';
import { Spotlight } from './Spotlight.ts';

export interface CallFeaturesOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly rate: CallRate;
  readonly clock: Clock;
  readonly customData: CustomItems;
  /** Whom everyone is to see large has changed. */
  readonly onSpotlight: (participantIds: readonly string[]) => void;
}

/** What is kept for those who come later; of raised hands their participants know. */
export type KeptFeatures = Pick<CallSnapshot, 'spotlight' | 'customData' | 'chat'>;

/**
 * What people do in a call beside being seen and heard. Everyone is told of all of it, and so is who did it: what
 * came of several who act at once is the same for everybody.
 */
export class CallFeatures {
  readonly hands: Hands;
  readonly chat: Chat;
  readonly reactions: Reactions;
  readonly spotlight: Spotlight;
  readonly customData: CustomData;

  constructor({ customData, onSpotlight, ...options }: CallFeaturesOptions) {
    this.hands = new Hands(options);
    this.chat = new Chat(options);
    this.reactions = new Reactions(options);
    this.spotlight = new Spotlight({ ...options, onChanged: onSpotlight });
    this.customData = new CustomData({ ...options, items: customData });
  }

  get snapshot(): KeptFeatures {
    return {
      spotlight: this.spotlight.participantIds,
      customData: this.customData.items,
      chat: this.chat.messages,
    };
  }

  /** The call goes on after the process was lost. Nobody is told, since everybody is going to come back to it. */
  restore({ spotlight, customData, chat }: KeptFeatures): void {
    this.spotlight.restore(spotlight);
    this.customData.restore(customData);
    this.chat.restore(chat);
  }

  /** The participant has left. */
  forget(participantId: string): void {
    this.spotlight.forget(participantId);
  }
}
