import type { CallRecord, ParticipantRecord, Prisma } from '@parley/db';
import { endReasonNames, type EndReasonName } from '@parley/protocol';
import type { Call, CallParticipant } from '@parley/protocol/rest';

export type CallWithParticipants = CallRecord & { participants: readonly ParticipantRecord[] };

/** Those who came first, first. */
export const withParticipants = {
  participants: { orderBy: [{ joinedAt: 'asc' }, { id: 'asc' }] },
} satisfies Prisma.CallRecordInclude;

/** A call as the API shows one. */
export function toCallAnswer(call: CallWithParticipants): Call {
  const { id, kind, roomId, startedAt, connectedAt, endedAt, endReason, participants } = call;

  return {
    id,
    kind,
    state: endedAt === null ? 'live' : 'ended',
    ...(roomId === null ? {} : { roomId }),
    startedAt: startedAt.toISOString(),
    ...(connectedAt === null ? {} : { connectedAt: connectedAt.toISOString() }),
    ...(endedAt === null ? {} : { endedAt: endedAt.toISOString() }),
    ...(endReason === null ? {} : { endReason: toEndReason(endReason) }),
    participants: participants.map(toParticipantAnswer),
  };
}

function toParticipantAnswer(participant: ParticipantRecord): CallParticipant {
  const { id, userId, displayName, kind, role, joinedAt, connectedAt, leftAt, endReason } = participant;

  return {
    id,
    ...(userId === null ? {} : { userId }),
    ...(displayName === null ? {} : { displayName }),
    kind,
    role,
    joinedAt: joinedAt.toISOString(),
    ...(connectedAt === null ? {} : { connectedAt: connectedAt.toISOString() }),
    ...(leftAt === null ? {} : { leftAt: leftAt.toISOString() }),
    ...(endReason === null ? {} : { endReason: toEndReason(endReason) }),
  };
}

/** A node that is newer than this api may know reasons that it does not. */
function toEndReason(text: string): EndReasonName {
  return endReasonNames.find((name) => name === text) ?? 'failed';
}
