import type { LiveCall, NodeCommand } from '@parley/backplane';
import type { OperationCall } from '../operations/handlerTypes.ts';

/**
 * Has the home node of a live call carry out a command, once the audit log says that it was asked for. The answer is
 * `unavailable` when the node does not answer, or what the node says.
 */
export function commandCall(
  {
    context,
    prepared,
    afterwards,
  }: Pick<OperationCall<'endCall'>, 'context' | 'afterwards'> & { prepared: LiveCall },
  command: NodeCommand,
): void {
  afterwards(() => context.backplane.nodeCommands.send(prepared.nodeId, command));
}
