import { describe, expect, it } from 'vitest';
import { bobsMedia } from '../testing/bobsMedia.ts';
import { consumerOf, participant } from '../testing/FakeServer.ts';
import { callId } from '../testing/presentersCall.ts';
import { nextTurn } from '../testing/testClient.ts';

describe('what is heard in a call', () => {
  it('is silent while it is muted, what arrives meanwhile, too, and received all the same', async () => {
    const { call, page, server } = await bobsMedia();
    const carol = participant('carol', 'connected', [
      { id: 'mic-carol', source: 'microphone', paused: false },
    ]);
    const mutedOf = (): boolean[] => [...page.body.children].map(({ muted }) => muted);
    let changes = 0;
    call.on('isIncomingAudioMutedChanged', () => (changes += 1));
    expect(mutedOf()).toEqual([false]);

    await call.muteIncomingAudio();
    await call.muteIncomingAudio();
    server.notify('participantJoined', { callId, participant: carol });
    server.notify('consumersAdded', { callId, consumers: [consumerOf('mic-carol')] });
    await nextTurn();
    expect(mutedOf()).toEqual([true, true]);
    expect(call.remoteParticipants.map(({ audioStreams }) => audioStreams.length)).toEqual([1, 1]);
    expect(call.isMuted).toBe(false);

    await call.unmuteIncomingAudio();
    expect(mutedOf()).toEqual([false, false]);
    expect(changes).toBe(2);
  });
});
