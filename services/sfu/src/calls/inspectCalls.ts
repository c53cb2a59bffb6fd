import {
  callKindSchema,
  callStateSchema,
  type CallKind,
  type CallState,
  type ParticipantInfo,
  type ParticipantState,
} from '@parley/protocol';
import type { CallMediaDump } from '../media/mediaTypes.ts';
import { isLive } from './callMachine.ts';
import type { CallPicture } from './callSnapshot.ts';

/** One live call, in a list of all. */
export interface CallSummary {
  readonly callId: string;
  readonly applicationId: string;
  readonly kind: CallKind;
  readonly state: CallState;
  readonly roomId: string | undefined;
  readonly participants: Readonly<Record<ParticipantState | 'lobby', number>>;
}

/** Everything an operator may know of one call: no token, no message, no name but the users' own. */
export interface CallDump extends CallSummary {
  readonly roster: readonly (ParticipantInfo & {
    /** Of the last notification they were told, or would have been. */
    readonly sequence: number;
    readonly endpointId: string | undefined;
  })[];
  readonly media: CallMediaDump;
}

/** Undefined once the call has ended. */
export function callSummary({ options, parts, kind, state }: CallPicture): CallSummary | undefined {
  if (!isLive(state)) {
    return undefined;
  }
  const { id: callId, applicationId, roomId } = options;
  const { roster, lobby } = parts;
  const count = (wanted: ParticipantState): number =>
    roster.all.filter((participant) => participant.state === wanted).length;

  return {
    callId,
    applicationId,
    kind,
    state,
    roomId,
    participants: {
      ringing: count('ringing'),
      connected: count('connected'),
      reconnecting: count('reconnecting'),
      lobby: lobby.entries.length,
    },
  };
}

/** Undefined once the call has ended. */
export function callDump(picture: CallPicture, media: CallMediaDump): CallDump | undefined {
  const summary = callSummary(picture);
  const roster = picture.parts.roster.all.map(({ info, mailbox, endpoint }) => ({
    ...info,
    sequence: mailbox.sequence,
    endpointId: endpoint?.id,
  }));

  return summary && { ...summary, roster, media };
}

/** What the calls of a node come to; kinds and states of which there are none count 0. */
export interface CallCounts {
  readonly calls: readonly { readonly kind: CallKind; readonly state: CallState; readonly count: number }[];
  readonly participants: Readonly<Record<ParticipantState | 'lobby', number>>;
}

export function countCalls(summaries: readonly CallSummary[]): CallCounts {
  const total = (state: ParticipantState | 'lobby'): number =>
    summaries.reduce((sum, { participants }) => sum + participants[state], 0);

  return {
    calls: callKindSchema.options.flatMap((kind) =>
      callStateSchema.options.map((state) => ({
        kind,
        state,
        count: summaries.filter((call) => call.kind === kind && call.state === state).length,
      })),
    ),
    participants: {
      ringing: total('ringing'),
      connected: total('connected'),
      reconnecting: total('reconnecting'),
      lobby: total('lobby'),
    },
  };
}
