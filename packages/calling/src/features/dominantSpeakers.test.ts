import { describe, expect, it } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined, participant } from '../testing/FakeServer.ts';
import { repairGap } from '../testing/repairGap.ts';
import type { CallMember } from './featureTypes.ts';

const callId = 'call-1';
const nameOf = (member: CallMember) => (member === 'own' ? 'own' : member.displayName);

/** The call with Bob and Carol, and who dominates it after each change that is told. */
async function watchedCall(told: { speakers?: string[]; dominantSpeaker?: string } = {}) {
  const server = new FakeServer();
  const { call: room, ...answer } = joined('room', 'connected', [participant('bob'), participant('carol')]);
  server.on('joinRoom', () => ({ ...answer, call: { ...room, ...told } }));
  const parts = await connectedCall(server);
  const changes: string[] = [];
  const names = () => parts.call.dominantSpeakers.map(nameOf).join();
  parts.call.on('dominantSpeakersChanged', () => changes.push(names()));

  return { ...parts, changes, names };
}

describe('the dominant speakers of a call', () => {
  it('are who holds the floor and then who is louder, this page among them', async () => {
    const { server, changes } = await watchedCall();
    const speak = (participantIds: string[], dominantSpeaker?: string) =>
      server.notify('speakersChanged', {
        callId,
        participantIds,
        ...(dominantSpeaker === undefined ? {} : { dominantSpeaker }),
      });

    speak(['bob-1']);
    speak(['carol-1', 'bob-1'], 'bob-1');
    speak(['bob-1', 'carol-1'], 'bob-1');
    speak(['alice-1', 'carol-1'], 'bob-1');
    speak([], 'bob-1');
    speak([]);

    expect(changes).toEqual(['bob', 'bob,carol', 'bob,own,carol', 'bob', '']);
  });

  it('are known from the moment of entering on', async () => {
    const { names } = await watchedCall({ speakers: ['bob-1', 'carol-1'], dominantSpeaker: 'carol-1' });

    expect(names()).toBe('carol,bob');
  });

  it('are followed over a gap, and nothing is told where they stayed the same', async () => {
    const { server, changes } = await watchedCall({ speakers: ['bob-1'] });
    const participants = ['alice', 'bob', 'carol'].map((name) => participant(name));

    await repairGap(server, { participants, speakers: ['bob-1'] });
    expect(changes).toEqual([]);
    await repairGap(server, { participants, speakers: ['bob-1'], dominantSpeaker: 'carol-1' });

    expect(changes).toEqual(['carol,bob']);
  });

  it('leave with the participant, and end with the call', async () => {
    const { server, changes } = await watchedCall({ speakers: ['bob-1', 'carol-1'] });

    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });
    server.notify('callEnded', { callId, reason: 'hangup' });

    expect(changes).toEqual(['carol', '']);
  });
});
