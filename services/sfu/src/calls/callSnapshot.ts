import { ProtocolError, type CallKind, type CallSnapshot } from '@parley/protocol';
import { isLive, type CallMachineState } from './callMachine.ts';
import type { CallParts } from './callParts.ts';
import type { CallOptions } from './callTypes.ts';
import type { Participant } from './participants/Participant.ts';

/** What a call is at the moment. */
export interface CallPicture {
  readonly options: CallOptions;
  readonly parts: CallParts;
  readonly kind: CallKind;
  readonly state: CallMachineState;
}

/** Everything the participant's client needs to rebuild its picture of the call. Throws once that has ended. */
export function callSnapshot(
  { options, parts, kind, state }: CallPicture,
  participant: Participant,
): CallSnapshot {
  if (!isLive(state)) {
    throw new ProtocolError('call_not_found');
  }
  const { id, roomId, settings } = options;
  const { roster, roles, lobby, speakers, uplinks, features, audioSlots } = parts;
  const roomRules = roles.rules;

  return {
    id,
    kind,
    state,
    settings,
    ...(roomId === undefined ? {} : { roomId }),
    ...(roomRules === undefined ? {} : { roomRules }),
    participants: roster.infos,
    ...(roles.allow(participant, 'manageLobby') ? { lobby: lobby.entries } : {}),
    ...speakers.snapshot,
    ...uplinks.snapshot,
    ...features.snapshot,
    audioSlots: audioSlots.present,
  };
}
