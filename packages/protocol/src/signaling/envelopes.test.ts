import { describe, expect, it } from 'vitest';
import { limitTable } from '../limits.ts';
import { isCallNotification, notificationTable, type Notification } from './notifications.ts';
import { requestTable } from './requests.ts';
import {
  answerEnvelopeSchema,
  connectAuthSchema,
  maxFrameBytes,
  notificationEnvelopeSchema,
  requestEnvelopeSchema,
} from './socket.ts';

describe('what a client connects with', () => {
  const auth = { token: 'eyJ', protocolVersion: '2.0', clientId: 'c1' };

  it('names the client, and the places it comes back to', () => {
    const { clientId: _, ...nameless } = auth;

    expect(connectAuthSchema.safeParse(auth).success).toBe(true);
    expect(connectAuthSchema.safeParse({ ...auth, resumeTokens: ['x'.repeat(32)] }).success).toBe(true);
    expect(connectAuthSchema.safeParse(nameless).success).toBe(false);
    expect(connectAuthSchema.safeParse({ ...auth, clientId: 'a/b' }).success).toBe(false);
  });
});

describe('the places a client comes back to', () => {
  const { max } = limitTable.callsPerDevice;
  const takes = (count: number) =>
    connectAuthSchema.safeParse({
      token: 'eyJ',
      protocolVersion: '2.0',
      clientId: 'c1',
      resumeTokens: Array(count).fill('x'.repeat(128)),
    }).success;

  it('are as many as any application lets it have, and fit into one frame', () => {
    expect([takes(max), takes(max + 1)]).toEqual([true, false]);
    expect(max * 140).toBeLessThan(maxFrameBytes / 2);
  });
});

describe('an envelope', () => {
  it('may name its request, by an id that is fit for one', () => {
    const request = { name: 'leaveCall', data: {} };

    expect(requestEnvelopeSchema.safeParse(request).success).toBe(true);
    expect(requestEnvelopeSchema.safeParse({ ...request, requestId: 'r1' }).success).toBe(true);
    expect(requestEnvelopeSchema.safeParse({ ...request, requestId: '' }).success).toBe(false);
    expect(requestEnvelopeSchema.safeParse({ ...request, requestId: 7 }).success).toBe(false);
  });

  it('with an error code of a newer server reads as `internal`, and is understood otherwise', () => {
    const error = { code: 'out_of_cheese', message: 'm', retryable: true, retryAfterSeconds: 2 };

    expect(answerEnvelopeSchema.parse({ ok: false, error })).toEqual({
      ok: false,
      error: { ...error, code: 'internal' },
    });
  });

  it('of a notification carries a number when it is about a call, and may be of a name not known here', () => {
    expect(notificationEnvelopeSchema.parse({ name: 'somethingNew', data: {}, sequence: 3 })).toEqual({
      name: 'somethingNew',
      data: {},
      sequence: 3,
    });
  });
});

describe('notifications', () => {
  it('carry a number unless they are about the connection', () => {
    const names = Object.keys(notificationTable) as (keyof typeof notificationTable)[];
    const unnumbered = names.filter((name) => !isCallNotification({ name } as Notification));

    expect(unnumbered).toEqual([
      'welcomed',
      'sessionEnded',
      'tokenExpired',
      'incomingCall',
      'incomingCallEnded',
    ]);
  });

  it('with an end reason of a newer server read as `failed`', () => {
    const data = { callId: 'c', participantId: 'p', reason: 'abducted_by_aliens' };

    expect(notificationTable.participantLeft.parse(data)).toEqual({ ...data, reason: 'failed' });
  });
});

describe('the answer to resume', () => {
  const catchUp = { resumeToken: 'x'.repeat(32), iceServers: [], missed: [], sequence: 7 };
  const ice = { usernameFragment: 'u', password: 'p' };
  const takes = (answer: object) => requestTable.resume.answer.safeParse(answer).success;

  it('has what each way back needs', () => {
    const restarted = { sendIceParameters: ice, receiveIceParameters: ice };

    expect(takes({ action: 'resume', ...catchUp, ice: restarted })).toBe(true);
    expect(takes({ action: 'resume', ...catchUp })).toBe(false);
    expect(takes({ action: 'rejoin', ...catchUp })).toBe(false);
    expect(takes({ action: 'lobby', ...catchUp })).toBe(true);
    expect(takes({ action: 'stop', reason: 'removed' })).toBe(true);
    expect(takes({ action: 'redirect', url: 'https://sfu-2.example' })).toBe(true);
    expect(takes({ action: 'dance' })).toBe(false);
  });
});
