import type { Backplane, NodeCommand } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';

/**
 * Has the home node of a live call carry out a command. Throws `call_not_found` when the call is not live,
 * `unavailable` when its node does not answer, and what the node says.
 */
export async function commandCall(
  { callDirectory, nodeCommands }: Pick<Backplane, 'callDirectory' | 'nodeCommands'>,
  command: NodeCommand,
): Promise<void> {
  const call = await callDirectory.find(command.applicationId, command.callId);
  if (call === undefined) {
    throw new ProtocolError('call_not_found');
  }
  await nodeCommands.send(call.nodeId, command);
}
