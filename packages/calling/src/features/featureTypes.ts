import type { CollectionUpdate, Observable } from '../events.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';

/**
 * Anybody in a call: somebody else, or `'own'` for this page's own part, of which the `Call` itself tells.
 *
 * @example
 * const names = call.raisedHands.map((member) => (member === 'own' ? 'You' : member.displayName));
 */
export type CallMember = RemoteParticipant | 'own';

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** A key of a telephone, as W3C WebRTC writes it, or by its name. */
export type DtmfTone =
  `${Digit}` | 'A' | 'B' | 'C' | 'D' | '#' | '*' | `Num${Digit}` | 'Pound' | 'Star' | 'Flash';

/** What somebody thinks of it, such as `👏`. */
export interface ReactionReceived {
  /** Who has sent it. */
  readonly participant: CallMember;
  /** An emoji or a word: 1 to 32 UTF-16 code units. */
  readonly reaction: string;
}

/** A message to everyone in the call. */
export interface ChatMessage {
  /** Names the message within its call. */
  readonly id: string;
  /** Who wrote it. */
  readonly sender: ChatSender;
  /** What was written: 1 to 2000 UTF-16 code units, not to be taken for HTML. */
  readonly text: string;
  /** When the server was given it, by the server's clock. */
  readonly sentAt: Date;
}

/** Who wrote a message, as the server says it; they may have left meanwhile. */
export interface ChatSender {
  /** `identity.id` is the user's, as in `client.identity.id` and `participant.identity.id`. */
  readonly identity: { readonly id: string };
  /** The name that the sender had in the call. */
  readonly displayName: string;
  /** As the participant has it. */
  readonly endpointId: string;
}

export type CallChatEvents = {
  /** Somebody has sent a message, this page included; the oldest of many go. */
  messagesUpdated: [CollectionUpdate<ChatMessage>];
};

/**
 * What is written in a call.
 *
 * @example
 * call.chat.on('messagesUpdated', ({ added }) => added.forEach(({ sender, text }) => show(sender.displayName, text)));
 * await call.chat.send('Hello!');
 */
export interface CallChat extends Observable<CallChatEvents> {
  /** The latest 200, the oldest first: from before one entered, too. They stay when the call has ended. */
  readonly messages: readonly ChatMessage[];
  /**
   * Writes to everyone in the call.
   *
   * @param text 1 to 2000 UTF-16 code units.
   * @returns The message as everyone is told it; `messagesUpdated` tells of it, too.
   * @throws TypeError for what is no such text.
   * @throws CallError `forbidden` when the role may not write, `too_many_requests` when it is too much,
   * `invalid_state` before the call is entered.
   */
  send(text: string): Promise<ChatMessage>;
}
