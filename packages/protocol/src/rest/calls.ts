import * as z from 'zod';
import { endReasonNames } from '../endReasons.ts';
import { roles } from '../roles.ts';
import { surveyIssues } from '../signaling/survey.ts';
import { listSchema, moment, pageQuery, periodQuery, userId } from './fields.ts';
import { userKinds } from './users.ts';

const endReason = z.enum(endReasonNames);

/** What a participant thought of the call. */
export const callSurveySchema = z.object({
  rating: z.int().min(1).max(5).describe('1 is bad, 5 is good.'),
  issues: z.array(z.enum(surveyIssues)),
  comment: z.string().optional().describe('Erased with the user.'),
});

/** One endpoint's part in a call, or one callee's who was rung. */
export const callParticipantSchema = z.object({
  id: z.string(),
  userId: z.string().optional().describe('Missing once the user was deleted.'),
  displayName: z.string().optional(),
  kind: z.enum(userKinds),
  role: z.enum(roles),
  joinedAt: moment.describe('When they began to ring, or to enter.'),
  connectedAt: moment.optional().describe('Missing for those who never got in.'),
  leftAt: moment.optional().describe('Missing for those who are still there.'),
  endReason: endReason.optional(),
  survey: callSurveySchema.optional().describe('Missing unless they have answered one.'),
});

export const callSchema = z.object({
  id: z.string(),
  kind: z.enum(['direct', 'group', 'room']),
  state: z.enum(['live', 'ended']),
  roomId: z.string().optional(),
  startedAt: moment,
  connectedAt: moment.optional().describe('When the first callee answered; of a room, when it began.'),
  endedAt: moment.optional(),
  endReason: endReason.optional(),
  participants: z.array(callParticipantSchema),
});

/** `GET /v1/calls`: newest first; `from` and `to` bound the start. */
export const listCallsQuerySchema = z.strictObject({
  ...pageQuery,
  ...periodQuery,
  state: z.enum(['live', 'ended']).optional(),
  userId: z.optional(userId),
});

/** `GET /v1/me/calls` */
export const listMyCallsQuerySchema = z.strictObject({ ...pageQuery, ...periodQuery });

export const callListSchema = listSchema(callSchema);

/** `GET /v1/call-stats`: at most 1000 intervals. */
export const callStatsQuerySchema = z.strictObject({
  from: moment,
  to: moment,
  interval: z.enum(['minute', 'hour', 'day']).default('day'),
});

export const callStatsSchema = z.object({
  items: z.array(
    z.object({
      start: moment.describe('Beginning of the interval, in UTC.'),
      calls: z.int().describe('Calls that started in it.'),
      connectedCalls: z
        .int()
        .describe('Of these, the calls in which somebody answered, or entered the room.'),
      participants: z.int().describe('Parts in these calls that got as far as connected.'),
      participantMinutes: z.number().describe('Minutes these parts lasted, up to now for those that last.'),
      endReasons: z.record(z.string(), z.int()).describe('How many of these calls ended for each reason.'),
    }),
  ),
});

/** `POST /v1/calls/{callId}/participants/{participantId}/mute` and its like take no body. */
export const emptyBodySchema = z.strictObject({});

export type Call = z.infer<typeof callSchema>;
export type CallParticipant = z.infer<typeof callParticipantSchema>;
export type CallStats = z.infer<typeof callStatsSchema>;
export type ListCallsQuery = z.infer<typeof listCallsQuerySchema>;
export type CallStatsQuery = z.infer<typeof callStatsQuerySchema>;
