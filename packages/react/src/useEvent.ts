import type {
  Call,
  CallChat,
  CallChatEvents,
  CallClient,
  CallClientEvents,
  CallEvents,
  DeviceManager,
  DeviceManagerEvents,
  Lobby,
  LobbyEvents,
  LocalVideoStream,
  LocalVideoStreamEvents,
  Observable,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteVideoStream,
  RemoteVideoStreamEvents,
} from '@parley/calling';
import { useEffect } from 'react';
import { useLatest } from './useLatest.ts';

/** What the events of an object carry, which the compiler cannot find out from its `on`. */
type EventsOf<One> = One extends CallClient
  ? CallClientEvents
  : One extends Call
    ? CallEvents
    : One extends RemoteParticipant
      ? RemoteParticipantEvents
      : One extends RemoteVideoStream
        ? RemoteVideoStreamEvents
        : One extends LocalVideoStream
          ? LocalVideoStreamEvents
          : One extends CallChat
            ? CallChatEvents
            : One extends Lobby
              ? LobbyEvents
              : DeviceManagerEvents;

/** Those with events that are of use by themselves. */
type Listened =
  | CallClient
  | Call
  | CallChat
  | Lobby
  | RemoteParticipant
  | RemoteVideoStream
  | LocalVideoStream
  | DeviceManager;

/**
 * Calls `listener`, that of the latest rendering, at every such event while the component is there. For what happens and is
 * over, such as a reaction; what lasts is read with the other hooks.
 *
 * @param object Undefined while there is none.
 * @example
 * useEvent(call, 'reactionReceived', ({ reaction }) => setShown(reaction));
 */
export function useEvent<Source extends Listened, Name extends keyof EventsOf<Source>>(
  object: Source | undefined,
  name: Name,
  listener: (...args: Extract<EventsOf<Source>[Name], unknown[]>) => void,
): void {
  const latest = useLatest(listener);
  // The table above has the events of this object.
  const source = object as Observable<Record<Name, Parameters<typeof listener>>> | undefined;
  useEffect(() => source?.on(name, (...args) => latest.current(...args)), [source, name, latest]);
}
