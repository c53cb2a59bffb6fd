import { describe, expect, it } from 'vitest';
import { codesOutsideCall } from '../testing/codesOutsideCall.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import type { ReactionReceived } from './featureTypes.ts';

const callId = 'call-1';

describe('a reaction', () => {
  it('is told with who sent it, this page included', async () => {
    const { call, server } = await connectedCall();
    const received: ReactionReceived[] = [];
    call.on('reactionReceived', (reaction) => received.push(reaction));
    server.on('sendReaction', ({ reaction }) => {
      server.notify('reactionSent', { callId, participantId: 'alice-1', reaction });

      return {};
    });

    server.notify('reactionSent', { callId, participantId: 'bob-1', reaction: '👏🏽' });
    server.notify('reactionSent', { callId, participantId: 'nobody', reaction: '👏🏽' });
    await call.sendReaction('laugh');

    const [participant] = call.remoteParticipants;
    expect(received).toEqual([
      { participant, reaction: '👏🏽' },
      { participant: 'own', reaction: 'laugh' },
    ]);
  });

  it('is a few characters that can be seen', async () => {
    const { call, server } = await connectedCall();

    for (const wrong of ['', 'x'.repeat(33), 'a\nb', '\ud83d', 7, undefined]) {
      await expect(call.sendReaction(wrong as never)).rejects.toThrow(TypeError);
    }
    expect(server.asked('sendReaction')).toEqual([]);
  });

  it('is refused before the call is entered and after its end', async () => {
    expect(await codesOutsideCall((call) => call.sendReaction('👏🏽'))).toEqual([
      'invalid_state',
      'invalid_state',
    ]);
  });
});
