import type { Disposable } from '@parley/kit';
import type { EndReasonName, NotificationData } from '@parley/protocol';

interface OfCall {
  readonly applicationId: string;
  readonly callId: string;
}

/** What the api asks the home node of a call to do. */
export type CallCommand =
  | (OfCall & { readonly name: 'endCall' })
  | (OfCall & {
      readonly name: 'removeParticipant' | 'muteParticipant';
      readonly participantId: string;
    });

/** Of a call to a user, who is called on every node that has devices of theirs. */
interface OfRinging extends OfCall {
  readonly userId: string;
  /** Of their place in the call: another one each time that they are rung. */
  readonly participantId: string;
}

/**
 * Rings the devices that the user has there, also those that come while it rings. Answered `callee_offline` without any. Sent
 * again, it rings those that do not ring yet.
 */
export interface RingUser extends OfRinging {
  readonly name: 'ringUser';
  /** What the devices are shown. */
  readonly invitation: NotificationData<'incomingCall'>;
  /** The home of the call, where it is answered. */
  readonly homeNodeId: string;
  /** Milliseconds after which nothing of it rings any more unless it is sent again, whatever became of the home node. */
  readonly timeoutMs: number;
}

/** They ring no more. */
export interface SilenceUser extends OfRinging {
  readonly name: 'silenceUser';
  readonly reason: EndReasonName;
}

/** The user has declined on a device of that node, or has none there any more: told to the home of the call. */
export interface RingingOver extends OfRinging {
  readonly name: 'ringingDeclined' | 'ringingDeserted';
  readonly nodeId: string;
}

/** What the api asks, and what home nodes of calls and nodes with devices of those who are called ask of each other. */
export type NodeCommand = CallCommand | RingUser | SilenceUser | RingingOver;

/** Carries out a command; throws a `ProtocolError` the sender is to see, such as `call_not_found`. */
export type NodeCommandHandler = (command: NodeCommand) => Promise<void>;

/** Commands to one sfu node, each answered once it was carried out. */
export interface NodeCommands {
  /** From here on the node's commands come to `handler`. One handler a node. */
  handle(nodeId: string, handler: NodeCommandHandler): Disposable;
  /** Rejects with what the handler threw, or with `unavailable` when the node does not answer. */
  send(nodeId: string, command: NodeCommand): Promise<void>;
}
