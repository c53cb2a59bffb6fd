import { randomUUID } from 'node:crypto';
import { keptChatMessages, type ChatMessage } from '@parley/protocol';
import type { Clock } from '@parley/kit';
import type { CallRate } from '../participants/CallRate.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface ChatOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly rate: CallRate;
  readonly clock: Clock;
}

/** What was written in the call. The latest messages are kept for those who come later. */
export class Chat {
  readonly #options: ChatOptions;
  /** The oldest first. */
  #messages: readonly ChatMessage[] = [];

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  get messages(): ChatMessage[] {
    return [...this.#messages];
  }

  /** Who sent it, and when, is said by the server. Everyone is told, the sender included, whose answer it is too. */
  send(participant: Participant, text: string): ChatMessage {
    const { callId, roster, roles, rate, clock } = this.#options;
    roles.require(participant, 'sendChat');
    rate.requireFor(participant, text);
    const { userId, displayName } = participant.identity;
    const message: ChatMessage = {
      id: randomUUID(),
      participantId: participant.id,
      userId,
      displayName,
      text,
      sentAtMs: clock.now(),
    };
    this.#messages = [...this.#messages, message].slice(-keptChatMessages);
    roster.tell({ name: 'chatSent', data: { callId, message } });

    return message;
  }

  /** Nobody is told: the call goes on where it was. */
  restore(messages: readonly ChatMessage[]): void {
    this.#messages = messages.slice(-keptChatMessages);
  }
}
