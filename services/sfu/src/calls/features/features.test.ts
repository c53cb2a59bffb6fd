import { mayDo, roles, type Action, type NotificationName, type RequestName } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/support/callWorld.ts';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

interface Feature {
  readonly name: RequestName;
  readonly action: Action;
  readonly tells: NotificationName;
  readonly data: () => object;
}

const ofBob = () => ({ participantId: room.bobId });
const namingBob = () => ({ participantIds: [room.bobId] });

const features: Feature[] = [
  { name: 'raiseHand', action: 'raiseHand', tells: 'handRaised', data: () => ({}) },
  { name: 'lowerHand', action: 'lowerHands', tells: 'handLowered', data: ofBob },
  { name: 'sendReaction', action: 'react', tells: 'reactionSent', data: () => ({ reaction: '👏' }) },
  { name: 'sendChat', action: 'sendChat', tells: 'chatSent', data: () => ({ text: 'Hello' }) },
  { name: 'setSpotlight', action: 'spotlight', tells: 'spotlightChanged', data: namingBob },
  {
    name: 'setCustomData',
    action: 'setCustomData',
    tells: 'customDataChanged',
    data: () => ({ items: { topic: 'Budget' } }),
  },
  { name: 'muteParticipants', action: 'muteOthers', tells: 'producerPaused', data: namingBob },
  {
    name: 'changeRole',
    action: 'changeRoles',
    tells: 'roleChanged',
    data: () => ({ ...ofBob(), role: 'collaborator' }),
  },
];

describe('what people do in a call', () => {
  for (const { name, action, tells, data } of features) {
    for (const role of roles) {
      const allowed = mayDo(role, action);

      it(`is ${allowed ? 'told to everyone' : 'forbidden'}: ${name} of a ${role}`, async () => {
        const { device } = await room.enter(role);
        await room.ask(room.bob, 'raiseHand');
        await room.send(room.bob, 'microphone');
        const before = [room.bob, device].map((someone) => someone.heard(tells).length);
        const outcome = await codeOf(room.ask(device, name, data()));
        const after = [room.bob, device].map((someone) => someone.heard(tells).length);

        expect(outcome).toBe(allowed ? undefined : 'forbidden');
        expect(after).toEqual(before.map((count) => count + (allowed ? 1 : 0)));
      });
    }
  }

  it('waits for a fresh token when it stands above others, and goes on when it does not', async () => {
    const { device } = await room.enter('presenter');
    Object.assign(device, { hasExpired: true });
    const own: readonly RequestName[] = ['raiseHand', 'sendReaction', 'sendChat', 'setCustomData'];

    for (const { name, data } of features) {
      const outcome = await codeOf(room.ask(device, name, data()));

      expect([name, outcome]).toEqual([name, own.includes(name) ? undefined : 'token_expired']);
    }
  });

  it('is restored as far as it persists, and nobody is told', async () => {
    await room.ask(room.chair, 'setSpotlight', { participantIds: [room.bobId] });
    await room.ask(room.chair, 'setCustomData', { items: { topic: 'Budget' } });
    await room.ask(room.bob, 'sendChat', { text: 'Hello' });
    const { call } = room.world.calls.participation(room.chair, room.callId);
    const kept = call.features.snapshot;
    await room.ask(room.chair, 'setSpotlight', { participantIds: [] });
    await room.ask(room.chair, 'setCustomData', { items: { topic: null } });
    const told = room.bob.told.length;
    call.features.restore(kept);

    expect(room.snapshot()).toMatchObject(kept);
    expect(room.world.media.spotlights.at(-1)).toEqual([room.bobId]);
    expect(room.bob.told).toHaveLength(told);
  });
});
