import { maxSpotlights } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { codesOutsideCall } from '../testing/codesOutsideCall.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined } from '../testing/FakeServer.ts';
import { repairGap } from '../testing/repairGap.ts';
import type { CallMember } from './featureTypes.ts';

const callId = 'call-1';
const onto = (...participantIds: string[]) => ({ callId, participantIds });
const nameOf = (member: CallMember) => (member === 'own' ? 'own' : member.displayName);

/** The call with Bob, and what is told of the spotlight. */
async function watchedCall(server = new FakeServer()) {
  const parts = await connectedCall(server);
  const { call } = parts;
  const told: string[] = [];
  const [bob] = call.remoteParticipants;
  bob?.on('isSpotlightedChanged', () => told.push(`bob ${bob.isSpotlighted}`));
  bob?.on('stateChanged', () => told.push(bob.state));
  call.on('isSpotlightedChanged', () => told.push(`own ${call.isSpotlighted}`));
  call.on('spotlightChanged', () => told.push(call.spotlight.map(nameOf).join()));

  return { ...parts, bob, told };
}

describe('the spotlight', () => {
  it('is on those whom the server names, in its order, this page among them', async () => {
    const { server, call, told } = await watchedCall();

    server.notify('spotlightChanged', onto('bob-1'));
    server.notify('spotlightChanged', onto('alice-1', 'bob-1'));
    server.notify('spotlightChanged', onto('bob-1', 'alice-1'));
    expect(call.isSpotlighted).toBe(true);
    server.notify('spotlightChanged', onto());

    expect(told).toEqual(['bob true', 'bob', 'own true', 'own,bob', 'bob,own', 'bob false', 'own false', '']);
  });

  it('of before one entered is there', async () => {
    const server = new FakeServer();
    const { call: told, ...answer } = joined('room', 'connected');
    server.on('joinRoom', () => ({ ...answer, call: { ...told, spotlight: ['bob-1', 'alice-1'] } }));
    const { call, bob } = await watchedCall(server);

    expect(call.spotlight).toEqual([bob, 'own']);
    expect([bob?.isSpotlighted, call.isSpotlighted]).toEqual([true, true]);
  });

  it('leaves who leaves, before they are gone, and is told once', async () => {
    const { server, told } = await watchedCall();
    server.notify('spotlightChanged', onto('bob-1', 'alice-1'));
    told.length = 0;

    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });
    server.notify('spotlightChanged', onto('alice-1'));

    expect(told).toEqual(['bob false', 'own', 'Disconnected']);
  });

  it('is followed over a gap, and nothing is told of one that stayed as it was', async () => {
    const { server, told } = await watchedCall();
    server.notify('spotlightChanged', onto('bob-1'));
    told.length = 0;

    await repairGap(server, { spotlight: ['bob-1'] });
    expect(told).toEqual([]);
    await repairGap(server, { spotlight: ['alice-1'] });

    expect(told).toEqual(['own true', 'bob false', 'own']);
  });

  it('is over with the call', async () => {
    const { server, call, told } = await watchedCall();
    server.notify('spotlightChanged', onto('bob-1'));
    told.length = 0;

    server.notify('callEnded', { callId, reason: 'hangup' });

    expect([told, call.spotlight]).toEqual([['bob false', '', 'Disconnected'], []]);
  });
});

describe('setSpotlight()', () => {
  it('asks for participants in their order, and for nobody', async () => {
    const { server, call, bob } = await watchedCall();

    await call.setSpotlight(['own', bob ?? 'own']);
    await call.setSpotlight([]);

    expect(server.asked('setSpotlight')).toEqual([onto('alice-1', 'bob-1'), onto()]);
  });

  it(`takes at most ${maxSpotlights} participants and nothing else`, async () => {
    const { server, call } = await watchedCall();

    for (const wrong of [Array(maxSpotlights + 1).fill('own'), [{}], ['bob-1'], [null], 'own', undefined]) {
      await expect(call.setSpotlight(wrong as never)).rejects.toThrow(TypeError);
    }
    expect(server.asked('setSpotlight')).toEqual([]);
    await expect(call.setSpotlight('own' as never)).rejects.toThrow(`at most ${maxSpotlights} participants`);
  });

  it('is refused a role that may not do it', async () => {
    const { server, call } = await watchedCall();
    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'attendee' });

    await expect(call.setSpotlight([])).rejects.toMatchObject({ code: 'forbidden' });
    expect(server.asked('setSpotlight')).toEqual([]);
  });

  it('rejects before the call is entered and after its end', async () => {
    expect(await codesOutsideCall((call) => call.setSpotlight(['own']))).toEqual([
      'invalid_state',
      'invalid_state',
    ]);
  });
});
