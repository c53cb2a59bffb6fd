import { describe, expect, it } from 'vitest';
import type { Call } from '../call/callTypes.ts';
import { codesOutsideCall } from '../testing/codesOutsideCall.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined, participant } from '../testing/FakeServer.ts';
import { repairGap } from '../testing/repairGap.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { CallMember } from './featureTypes.ts';

const callId = 'call-1';
const raised = (name: string, atMs: number) => ({ callId, participantId: `${name}-1`, atMs });
const nameOf = (member: CallMember) => (member === 'own' ? 'own' : member.displayName);

/** The call with Bob, and what is told of hands. */
async function watchedCall(server = new FakeServer()) {
  const parts = await connectedCall(server);
  const { call } = parts;
  const told: string[] = [];
  const follow = (): void => {
    for (const one of call.remoteParticipants) {
      one.on('isHandRaisedChanged', () => told.push(`${one.displayName} ${one.isHandRaised}`));
    }
  };
  follow();
  call.on('remoteParticipantsUpdated', follow);
  call.on('isHandRaisedChanged', () => told.push(`own ${call.isHandRaised}`));
  call.on('raisedHandsUpdated', ({ added, removed }) =>
    told.push(`+${added.map(nameOf).join()} -${removed.map(nameOf).join()}`),
  );

  return { ...parts, told, order: () => call.raisedHands.map(nameOf) };
}

describe('a raised hand', () => {
  it('is in the order of asking, of this page and of others, until it is lowered', async () => {
    const { call, server, told, order } = await watchedCall();
    server.on('raiseHand', () => {
      server.notify('handRaised', raised('alice', 7));

      return {};
    });

    server.notify('handRaised', raised('bob', 5));
    await call.raiseHand();
    expect([order(), call.isHandRaised]).toEqual([['bob', 'own'], true]);
    server.notify('handLowered', { callId, participantId: 'alice-1' });
    server.notify('handLowered', { callId, participantId: 'bob-1' });

    expect([order(), call.isHandRaised, call.remoteParticipants[0]?.isHandRaised]).toEqual([
      [],
      false,
      false,
    ]);
    expect(told).toEqual([
      'bob true',
      '+bob -',
      'own true',
      '+own -',
      'own false',
      '+ -own',
      'bob false',
      '+ -bob',
    ]);
  });

  it('of before one entered is there, told after the participant is', async () => {
    const server = new FakeServer();
    server.on('joinRoom', () =>
      joined('room', 'connected', [
        { ...participant('carol'), handRaisedAtMs: 9 },
        { ...participant('bob'), handRaisedAtMs: 4 },
      ]),
    );
    const { client } = await createTestClient({ server });
    const call = client.join({ roomId: 'room-1' });
    const told: string[] = [];
    call.on('remoteParticipantsUpdated', ({ added }) => told.push(`here ${added.map(nameOf).join()}`));
    call.on('raisedHandsUpdated', ({ added }) => told.push(`hands ${added.map(nameOf).join()}`));
    await nextTurn();

    expect(told).toEqual(['here carol,bob', 'hands bob,carol']);
    expect(call.remoteParticipants.map(({ isHandRaised }) => isHandRaised)).toEqual([true, true]);
  });

  it('is gone with its participant, before they are', async () => {
    const { call, server, told, order } = await watchedCall();
    const [bob] = call.remoteParticipants;
    server.notify('handRaised', raised('bob', 5));
    told.length = 0;
    bob?.on('stateChanged', () => told.push(bob.state));

    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });

    expect([told, order()]).toEqual([['bob false', '+ -bob', 'Disconnected'], []]);
  });

  it('is gone with the call', async () => {
    const { call, server, told, order } = await watchedCall();
    server.notify('handRaised', raised('alice', 5));
    told.length = 0;

    server.notify('callEnded', { callId, reason: 'ended_for_everyone' });

    expect([told, order(), call.isHandRaised]).toEqual([['own false', '+ -own'], [], false]);
  });

  it('is followed over a gap, in which nothing is told of a hand that stayed as it was', async () => {
    const { server, told, order } = await watchedCall();
    server.notify('handRaised', raised('bob', 5));
    told.length = 0;
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name, place) => ({
      ...participant(name),
      handRaisedAtMs: [9, 5, 3][place] ?? 0,
    }));

    await repairGap(server, { participants: [alice, bob].flatMap((one) => one ?? []) });
    expect([told.splice(0), order()]).toEqual([
      ['own true', '+own -'],
      ['bob', 'own'],
    ]);
    await repairGap(server, { participants: [alice, bob, carol].flatMap((one) => one ?? []) });

    expect([told, order()]).toEqual([
      ['carol true', '+carol -'],
      ['carol', 'bob', 'own'],
    ]);
  });
});

describe('a hand raised while the connection was lost', () => {
  it('is told once the connection is back, by a snapshot as by what was missed, and not again', async () => {
    const { server, clock, told, order } = await watchedCall();
    const { call } = joined('room', 'connected', [{ ...participant('bob'), handRaisedAtMs: 5 }]);
    server.on('resume', (data) => ({
      ...server.resumed(data),
      missed: [],
      snapshot: { sequence: server.sequenceOf(), call },
    }));
    server.drop();
    server.notify('handRaised', raised('bob', 5));
    await nextTurn();
    expect([told.splice(0), order()]).toEqual([['bob true', '+bob -'], ['bob']]);

    server.on('resume', (data) => server.resumed(data));
    // One that is lost sooner is made again later.
    clock.pass(5_000);
    server.drop();
    server.notify('handRaised', raised('alice', 7));
    await nextTurn();

    expect([told, order()]).toEqual([
      ['own true', '+own -'],
      ['bob', 'own'],
    ]);
  });

  it('is raised when the connection is back, where it was asked for in between', async () => {
    const { call, server } = await watchedCall();
    server.drop();
    const raising = call.raiseHand();
    expect(server.asked('raiseHand')).toEqual([]);
    await raising;

    expect(server.asked('raiseHand')).toEqual([{ callId }]);
  });
});

describe('raiseHand() and lowerHand()', () => {
  it("ask for one's own hand, and for that of somebody else", async () => {
    const { call, server } = await connectedCall();
    server.notify('handRaised', raised('bob', 5));

    await call.raiseHand();
    await call.lowerHand();
    await call.lowerHand('own');
    await call.lowerHand(call.raisedHands[0]);

    expect(server.asked('raiseHand')).toEqual([{ callId }]);
    expect(server.asked('lowerHand')).toEqual([{ callId }, { callId }, { callId, participantId: 'bob-1' }]);
  });

  it('are refused a role that may not do it, who may still lower their own', async () => {
    const { call, server } = await connectedCall();
    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'attendee' });

    await expect(call.lowerHand(call.remoteParticipants[0])).rejects.toMatchObject({ code: 'forbidden' });
    await call.lowerHand();

    expect(server.asked('lowerHand')).toEqual([{ callId }]);
  });

  it('take a participant and nothing else, also where it could not be done anyway', async () => {
    const { client, server } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });

    for (const wrong of [{}, null, 'bob-1', { endpointId: 'a b' }]) {
      await expect(call.lowerHand(wrong as never)).rejects.toThrow(TypeError);
    }
    await nextTurn();
    expect(server.asked('lowerHand')).toEqual([]);
  });

  it.each([
    ['raiseHand', (call: Call) => call.raiseHand()],
    ['lowerHand', (call: Call) => call.lowerHand()],
  ])('reject before the call is entered and after its end: %s', async (_name, act) => {
    expect(await codesOutsideCall(act)).toEqual(['invalid_state', 'invalid_state']);
  });
});
