import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, type FakeDevice } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

const survey = { rating: 2, issues: ['echo' as const], comment: 'I heard myself.' };

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

function submit(device: FakeDevice, of: { participantId: string; callId?: string }, rating = 2) {
  return codeOf(room.ask(device, 'submitSurvey', { ...of, survey: { ...survey, rating } }));
}

async function submitted() {
  const events = await room.world.events();

  return events.filter((event) => event.name === 'surveySubmitted');
}

describe('a survey', () => {
  it('is taken during the call, and for ten minutes after leaving it', async () => {
    const { callId, bob, bobId: participantId } = room;
    expect(await submit(bob, { participantId })).toBeUndefined();
    await room.ask(bob, 'leaveCall');
    room.world.clock.advance(10 * 60_000 - 1);
    expect(await submit(bob, { participantId }, 5)).toBeUndefined();
    room.world.clock.advance(1);
    expect(await submit(bob, { participantId })).toBe('call_not_found');

    const of = { applicationId: 'app', callId, participantId };
    expect(await submitted()).toMatchObject([
      { ...of, survey },
      { ...of, survey: { ...survey, rating: 5 } },
    ]);
  });

  it('is taken once the call is over, from another device of the user too', async () => {
    await room.ask(room.chair, 'endCall');

    expect(await submit(await room.world.device('bob'), { participantId: room.bobId })).toBeUndefined();
  });

  it('is one’s own: not a neighbour’s, nor a namesake’s of another application', async () => {
    const { chair, bobId: participantId } = room;
    const namesake = await room.world.device('bob', { applicationId: 'other' });
    const outsiders = () => Promise.all([chair, namesake].map((device) => submit(device, { participantId })));

    expect(await outsiders()).toEqual(['call_not_found', 'call_not_found']);
    await room.ask(room.bob, 'leaveCall');
    expect(await outsiders()).toEqual(['call_not_found', 'call_not_found']);
    expect(await submitted()).toEqual([]);
  });

  it('is about a call one was in, not one that only rang', async () => {
    const caller = await room.world.device('caller');
    const dave = await room.world.device('dave');
    const { call } = await room.world.calls.startCall(caller, { callees: ['dave'], media: offer });
    const { id } = call.participants.find(({ state }) => state === 'ringing') ?? { id: '' };
    const rung = { callId: call.id, participantId: id };

    expect(await submit(dave, rung)).toBe('call_not_found');
    await room.ask(dave, 'rejectCall', { callId: call.id });
    expect(await submit(dave, rung)).toBe('call_not_found');
  });
});
