import { keptChatMessages, type ChatMessage as ToldMessage } from '@parley/protocol';
import { EventSource } from '../events.ts';
import { changeOf } from './changeOf.ts';
import type { CallChat, CallChatEvents, ChatMessage } from './featureTypes.ts';

export class CallChatImpl extends EventSource<CallChatEvents> implements CallChat {
  readonly #send: (text: string) => Promise<{ message: ToldMessage }>;
  #messages: readonly ChatMessage[] = [];

  constructor(send: (text: string) => Promise<{ message: ToldMessage }>) {
    super();
    this.#send = send;
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  async send(text: string): Promise<ChatMessage> {
    const { message } = await this.#send(text);

    return this.add(message);
  }

  /** What one has sent oneself comes twice: as the answer, and then as everyone is told it. */
  add(message: ToldMessage): ChatMessage {
    const read = this.#read(message);
    if (!this.#messages.includes(read)) {
      this.#change([...this.#messages, read].slice(-keptChatMessages));
    }

    return read;
  }

  /** Those that are known already stay the same objects. */
  follow(messages: readonly ToldMessage[]): void {
    this.#change(messages.map((message) => this.#read(message)));
  }

  #read({ id, participantId, userId, displayName, text, sentAtMs }: ToldMessage): ChatMessage {
    return (
      this.#messages.find((message) => message.id === id) ?? {
        id,
        sender: { identity: { id: userId }, displayName, endpointId: participantId },
        text,
        sentAt: new Date(sentAtMs),
      }
    );
  }

  #change(messages: readonly ChatMessage[]): void {
    const update = changeOf(this.#messages, messages);
    this.#messages = messages;
    if (update.added.length + update.removed.length > 0) {
      this.emit('messagesUpdated', update);
    }
  }
}
