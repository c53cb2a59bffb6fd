import type { Disposable } from '@parley/kit';

/** What the api asks the home node of a call to do. */
export type NodeCommand =
  | { readonly name: 'endCall'; readonly applicationId: string; readonly callId: string }
  | {
      readonly name: 'removeParticipant' | 'muteParticipant';
      readonly applicationId: string;
      readonly callId: string;
      readonly participantId: string;
    };

/** Carries out a command; throws a `ProtocolError` the sender is to see, such as `call_not_found`. */
export type NodeCommandHandler = (command: NodeCommand) => Promise<void>;

/** Commands to one sfu node, each answered once it was carried out. */
export interface NodeCommands {
  /** From here on the node's commands come to `handler`. One handler a node. */
  handle(nodeId: string, handler: NodeCommandHandler): Disposable;
  /** Rejects with what the handler threw, or with `unavailable` when the node does not answer. */
  send(nodeId: string, command: NodeCommand): Promise<void>;
}
