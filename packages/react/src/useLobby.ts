import type { Call, LobbyParticipant } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * Who waits to be let in, for those whose role may let them in; nobody for the others.
 *
 * @example
 * useLobby(call).map((waiting) => (
 *   <button key={waiting.id} onClick={() => void call.lobby.admit(waiting)}>{waiting.displayName}</button>
 * ));
 */
export function useLobby(call: Call | undefined): readonly LobbyParticipant[] {
  return useObservable(call?.lobby, ['participantsUpdated'], ({ participants }) => participants) ?? nothing;
}
