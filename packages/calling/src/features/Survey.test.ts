import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';
const survey = { rating: 4, issues: ['echo' as const], comment: 'In the second half.' };
const asked = { callId, participantId: 'alice-1', survey };

describe('submitSurvey()', () => {
  it('says what one thinks of the call, in it and after it', async () => {
    const { call, server } = await connectedCall();

    await call.submitSurvey(survey);
    await call.hangUp();
    await call.submitSurvey({ rating: 1 });

    expect(server.asked('submitSurvey')).toEqual([
      asked,
      { callId, participantId: 'alice-1', survey: { rating: 1 } },
    ]);
  });

  it('may be called by whoever is told of the end', async () => {
    const { call, server } = await connectedCall();
    server.notify('handRaised', { callId, participantId: 'bob-1', atMs: 5 });
    const answered = new Promise<void>((resolve, reject) => {
      // The first that is told of the end.
      call.on('raisedHandsUpdated', () => void call.submitSurvey(survey).then(resolve, reject));
    });
    server.notify('callEnded', { callId, reason: 'ended_for_everyone' });
    await answered;

    expect(server.asked('submitSurvey')).toEqual([asked]);
  });

  it('asks the server that the call was on, over a connection for just that once the call has ended', async () => {
    const [home, other] = [new FakeServer(), new FakeServer()];
    home.on('joinRoom', () => ({ action: 'redirect', url: 'https://other.example' }));
    const { client } = await createTestClient({
      server: home,
      openSocket: (options, handlers) =>
        (options.endpoint === 'http://localhost' ? home : other).openSocket(options, handlers),
    });
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    await call.hangUp();

    await call.submitSurvey(survey);

    expect([home.asked('submitSurvey'), other.asked('submitSurvey')]).toEqual([[], [asked]]);
    expect([other.connections.length, other.isConnected]).toEqual([2, false]);
    other.refusal = new CallError('unavailable');
    await expect(call.submitSurvey(survey)).rejects.toMatchObject({ code: 'unavailable' });
    await client.dispose();
    await expect(call.submitSurvey(survey)).rejects.toMatchObject({ code: 'unavailable' });
    expect(other.connections).toHaveLength(3);
  });

  it('rejects as the server does when it is too late', async () => {
    const { call, server } = await connectedCall();
    server.on('submitSurvey', () => {
      throw new CallError('call_not_found');
    });
    await call.hangUp();

    await expect(call.submitSurvey(survey)).rejects.toMatchObject({ code: 'call_not_found' });
  });

  it('takes a rating from 1 to 5, issues of the list, and nothing else', async () => {
    const { call, server } = await connectedCall();
    const wrong = [
      ...[0, 6, 2.5, '3'].map((rating) => ({ rating })),
      { rating: 3, issues: ['boring'] },
      { rating: 3, comment: 'a\u0000b' },
      {},
      undefined,
    ];

    for (const one of wrong) {
      await expect(call.submitSurvey(one as never)).rejects.toThrow(TypeError);
    }
    expect(server.asked('submitSurvey')).toEqual([]);
  });

  it('is refused for a call that was never entered', async () => {
    const { client } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    await call.hangUp();

    await expect(call.submitSurvey(survey)).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
