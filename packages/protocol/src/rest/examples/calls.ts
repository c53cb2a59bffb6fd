import type { OperationExamples } from './example.ts';
import { bob, endedCall, liveCall } from './world.ts';

export const callExamples: OperationExamples<
  | 'listCalls'
  | 'getCall'
  | 'endCall'
  | 'removeParticipant'
  | 'muteParticipant'
  | 'getCallStats'
  | 'listContacts'
  | 'listMyCalls'
> = {
  listCalls: [
    { summary: 'List the calls that are live', query: { state: 'live' }, answer: { items: [liveCall] } },
    {
      summary: "List a user's calls of one day",
      query: { userId: bob.id, from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
      answer: { items: [endedCall] },
    },
  ],
  getCall: [{ summary: 'Get a call', params: { callId: endedCall.id }, answer: endedCall }],
  endCall: [{ summary: 'End a call', params: { callId: liveCall.id }, body: {} }],
  removeParticipant: [
    {
      summary: 'Remove a participant',
      params: { callId: liveCall.id, participantId: 'participant-000000000003' },
    },
  ],
  muteParticipant: [
    {
      summary: 'Mute a participant',
      params: { callId: liveCall.id, participantId: 'participant-000000000003' },
      body: {},
    },
  ],
  getCallStats: [
    {
      summary: 'Count the calls of a day',
      query: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z', interval: 'day' },
      answer: {
        items: [
          {
            start: '2026-03-02T00:00:00.000Z',
            calls: 1,
            connectedCalls: 1,
            participants: 2,
            participantMinutes: 20,
            endReasons: { hangup: 1 },
          },
        ],
      },
    },
  ],
  listContacts: [
    {
      summary: 'List the others, as Alice',
      answer: { items: [{ id: bob.id, displayName: bob.displayName, presence: 'offline' }] },
    },
  ],
  listMyCalls: [
    {
      summary: "List Alice's calls of one day",
      query: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
      answer: { items: [endedCall] },
    },
  ],
};
