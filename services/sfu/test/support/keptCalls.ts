import { standardCallSettings } from '@parley/protocol';
import type { KeptCall, KeptParticipant } from '../../src/calls/recovery/keptCall.ts';
import type { ResumeTokens } from '../../src/calls/recovery/ResumeTokens.ts';
import { offer } from './FakeMedia.ts';

/** What an earlier process has left of a call of these participants. */
export function keptCall(
  participants: readonly KeptParticipant[],
  call: Partial<KeptCall> & Pick<KeptCall, 'kind'>,
): KeptCall {
  return {
    version: 1,
    id: 'kept',
    applicationId: 'app',
    state: 'connected',
    settings: standardCallSettings,
    participants: [...participants],
    waiting: [],
    ringing: [],
    capabilities: { all: {} },
    members: {},
    removals: [],
    features: { spotlight: [], customData: {}, chat: [] },
    ...call,
  };
}

export function keptParticipant(userId: string, { kept }: ResumeTokens): KeptParticipant {
  const { rtpCapabilities: _, ...rest } = offer;

  return {
    id: `place-of-${userId}`,
    identity: { userId, displayName: userId, kind: 'user' },
    role: 'presenter',
    epoch: 0,
    isOnHold: false,
    producers: [],
    sequence: 0,
    resumeTokens: kept,
    scopes: ['calls'],
    token: { applicationId: 'app', userId, grantId: 'grant', issuedAtMs: 0 },
    offer: { ...rest, capabilities: 'all' },
  };
}
