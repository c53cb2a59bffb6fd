import type { Call, ChatMessage } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * What is written in a call, the oldest first; `call.chat.send()` writes.
 *
 * @example
 * useChat(call).map(({ id, sender, text }) => <li key={id}>{sender.displayName}: {text}</li>);
 */
export function useChat(call: Call | undefined): readonly ChatMessage[] {
  return useObservable(call?.chat, ['messagesUpdated'], ({ messages }) => messages) ?? nothing;
}
