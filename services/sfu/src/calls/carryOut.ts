import type { NodeCommand } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import type { Call } from './Call.ts';
import type { Participant } from './participants/Participant.ts';
import { mute } from './participants/publish.ts';

/** Does to a call what its application's backend has asked for. Rejects with `not_found` for a participant it has not. */
export async function carryOut(command: NodeCommand, call: Call): Promise<void> {
  switch (command.name) {
    case 'endCall': {
      call.end('server_ended');
      break;
    }
    case 'removeParticipant': {
      call.departures.revoke(participantOf(command, call));
      break;
    }
    case 'muteParticipant': {
      await mute({ call, participant: participantOf(command, call) });
      break;
    }
    default:
      command satisfies never;
  }
}

function participantOf({ participantId }: { readonly participantId: string }, call: Call): Participant {
  const participant = call.find(participantId);
  if (participant === undefined) {
    throw new ProtocolError('not_found', 'There is no such participant in the call.');
  }

  return participant;
}
