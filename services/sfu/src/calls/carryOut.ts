import type { NodeCommand } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import type { Call } from './Call.ts';
import type { Participant } from './participants/Participant.ts';
import { mute } from './participants/publish.ts';
import type { FarCalls } from './ringing/FarCalls.ts';

/** What commands are about. */
export interface Commanded {
  /** Throws `call_not_found` for a call that is not here, or of another application. */
  readonly callOf: (command: NodeCommand) => Call;
  readonly farCalls: FarCalls;
}

/**
 * Does what an application's backend has asked for, or another node. Rejects with `not_found` for a participant that the
 * call has not, and as `Commanded` and `FarCalls` say.
 */
export async function carryOut(command: NodeCommand, { callOf, farCalls }: Commanded): Promise<void> {
  switch (command.name) {
    case 'endCall': {
      callOf(command).end('server_ended');
      break;
    }
    case 'removeParticipant': {
      const call = callOf(command);
      call.departures.revoke(participantOf(command, call));
      break;
    }
    case 'muteParticipant': {
      const call = callOf(command);
      await mute({ call, participant: participantOf(command, call) });
      break;
    }
    case 'ringUser': {
      farCalls.ring(command);
      break;
    }
    case 'silenceUser': {
      farCalls.silence(command);
      break;
    }
    case 'ringingDeclined': {
      callOf(command).ringing.ofFar(command).declineFar();
      break;
    }
    case 'ringingDeserted': {
      callOf(command).ringing.ofFar(command).desertedAt(command.nodeId);
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
