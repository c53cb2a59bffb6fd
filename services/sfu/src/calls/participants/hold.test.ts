import { createHash } from 'node:crypto';
import { standardCallSettings } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';
import type { KeptCall } from '../recovery/keptCall.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;
let callId: string;
let bobsId: string;

/** Alice and Bob are in a call. */
beforeEach(async () => {
  world = await createCallWorld();
  [alice, bob, carol] = [await world.device('alice'), await world.device('bob'), await world.device('carol')];
  callId = await call(alice, 'bob');
  bobsId = (await world.calls.acceptCall(bob, callId, offer)).participantId;
});

async function call(device: FakeDevice, ...callees: string[]): Promise<string> {
  return (await world.calls.startCall(device, { callees, media: offer })).call.id;
}

const heldIn = (device: FakeDevice, id: string) =>
  world.calls
    .participation(device, id)
    .call.snapshotFor(world.calls.participation(device, id).participant)
    .participants.filter(({ isOnHold }) => isOnHold)
    .map(({ identity }) => identity.userId);

describe('a participant on hold', () => {
  it('is seen so by everyone until they go on, forwards nothing meanwhile, and does not leave', async () => {
    await world.ask(bob, 'holdCall', { callId });
    const held = { callId, participantId: bobsId, isOnHold: true };
    expect([alice.heard('holdChanged'), bob.heard('holdChanged')]).toEqual([[held], [held]]);
    expect([heldIn(alice, callId), world.media.held]).toEqual([['bob'], 1]);

    await world.ask(bob, 'unholdCall', { callId });
    expect(alice.heard('holdChanged').at(-1)).toEqual({ ...held, isOnHold: false });
    expect([heldIn(alice, callId), world.media.held]).toEqual([[], 0]);
    expect([...alice.heard('participantLeft'), ...alice.heard('callEnded')]).toEqual([]);
  });

  it('is no news when they were on hold already', async () => {
    await world.ask(bob, 'holdCall', { callId });
    await world.ask(bob, 'holdCall', { callId });

    expect(alice.heard('holdChanged')).toHaveLength(1);
  });

  it('is on hold still when they come back to media that was made anew', async () => {
    const token = { applicationId: 'app', userId: 'dave', grantId: 'grant', issuedAtMs: 0 };
    const resumeToken = 'dave was in the call before the process was lost';
    const place = {
      id: 'place',
      identity: { userId: 'dave', displayName: 'Dave', kind: 'user' as const },
      role: 'collaborator' as const,
      epoch: 0,
      isOnHold: true,
      producers: [],
      sequence: 0,
      resumeTokens: { present: createHash('sha256').update(resumeToken).digest('base64url') },
      scopes: ['calls' as const],
      token,
      offer: { dtlsFingerprints: offer.dtlsFingerprints, capabilities: 'browser' },
    };
    const kept: KeptCall = {
      version: 1,
      id: 'kept',
      applicationId: 'app',
      kind: 'group',
      state: 'connected',
      settings: standardCallSettings,
      participants: [place],
      waiting: [],
      ringing: [],
      capabilities: { browser: {} },
      members: {},
      removals: [],
      features: { spotlight: [], customData: {}, chat: [] },
    };
    await world.calls.restore({ calls: [kept], isRecent: true });
    const request = { callId: kept.id, resumeToken, sequence: 0 };
    const answer = await world.ask(await world.device('dave'), 'resume', request);

    expect(answer.action).toBe('rejoin');
    expect(world.media.held).toBe(1);
  });

  it('is one alone: both may hold the call, and each goes on by themselves', async () => {
    await Promise.all([alice, bob].map((device) => world.ask(device, 'holdCall', { callId })));
    await world.ask(bob, 'unholdCall', { callId });

    expect(heldIn(bob, callId)).toEqual(['alice']);
  });
});

describe('somebody who is in a call', () => {
  it('is rung all the same, and by answering puts the other calls of that device on hold', async () => {
    const second = await call(carol, 'bob');
    expect(bob.heard('incomingCall').at(-1)).toMatchObject({ callId: second });
    await world.calls.acceptCall(bob, second, offer);

    expect([heldIn(alice, callId), heldIn(carol, second)]).toEqual([['bob'], []]);
    expect(alice.heard('callEnded')).toEqual([]);
  });

  it('goes on with the calls of the other device', async () => {
    const tablet = await world.device('bob');
    await world.calls.acceptCall(tablet, await call(carol, 'bob'), offer);

    expect(heldIn(alice, callId)).toEqual([]);
  });

  it('goes on with the first call when the second cannot be entered', async () => {
    const second = await call(carol, 'bob');
    await world.ask(carol, 'leaveCall', { callId: second });

    expect(await codeOf(world.calls.acceptCall(bob, second, offer))).toBe('call_not_found');
    expect(heldIn(alice, callId)).toEqual([]);
  });

  it('is busy where the application or the call says so, and only then', async () => {
    const start = (settings = {}) =>
      codeOf(world.calls.startCall(carol, { callees: ['bob'], media: offer, settings }));

    expect(await start()).toBeUndefined();
    expect(await start({ whenBusy: 'refuse' })).toBe('callee_busy');
    await world.putApplication({ callSettings: { whenBusy: 'refuse' } });
    expect(await start()).toBe('callee_busy');
  });
});
