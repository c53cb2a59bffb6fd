import type { CallRecord, CallSurvey, ParticipantRecord, Prisma } from '@parley/db';
import { endReasonNames, surveyIssues, type EndReasonName } from '@parley/protocol';
import type { Call, CallParticipant } from '@parley/protocol/rest';

type ParticipantWithSurvey = ParticipantRecord & { survey: CallSurvey | null };

export type CallWithParticipants = CallRecord & { participants: readonly ParticipantWithSurvey[] };

/** Those who came first, first. */
export const withParticipants = {
  participants: { orderBy: [{ joinedAt: 'asc' }, { id: 'asc' }], include: { survey: true } },
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

function toParticipantAnswer(participant: ParticipantWithSurvey): CallParticipant {
  const { id, userId, displayName, kind, role, joinedAt, connectedAt, leftAt, endReason, survey } =
    participant;

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
    ...(survey === null ? {} : { survey: toSurveyAnswer(survey) }),
  };
}

function toSurveyAnswer({ rating, issues, comment }: CallSurvey): CallParticipant['survey'] {
  return {
    rating,
    // As with reasons, a newer node may know more.
    issues: surveyIssues.filter((issue) => issues.includes(issue)),
    ...(comment === null ? {} : { comment }),
  };
}

/** A node that is newer than this api may know reasons that it does not. */
function toEndReason(text: string): EndReasonName {
  return endReasonNames.find((name) => name === text) ?? 'failed';
}
