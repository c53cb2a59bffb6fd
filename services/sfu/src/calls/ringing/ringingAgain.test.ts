import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  [alice, bob, carol] = [await world.device('alice'), await world.device('bob'), await world.device('carol')];
});

/** The caller rings them, and all of them answer. */
async function meet(caller: FakeDevice, ...callees: FakeDevice[]): Promise<string> {
  const userIds = callees.map(({ identity }) => identity.userId);
  const { call } = await world.calls.startCall(caller, { callees: userIds, media: offer });
  await Promise.all(callees.map((callee) => world.calls.acceptCall(callee, call.id, offer)));

  return call.id;
}

describe('somebody who is busy', () => {
  const addCarol = (callId: string, ...others: string[]) =>
    world.ask(alice, 'addParticipants', { callId, callees: ['carol', ...others] });

  it('is not rung into a call of an application that says so, alone or beside others', async () => {
    await world.putApplication({ callSettings: { whenBusy: 'refuse' } });
    await meet(carol, await world.device('dave'));
    await world.device('erin');
    const callId = await meet(alice, bob);

    expect(await codeOf(addCarol(callId))).toBe('callee_busy');
    expect((await addCarol(callId, 'erin')).unreachable).toEqual([{ userId: 'carol', reason: 'busy' }]);
    expect(carol.heard('incomingCall')).toEqual([]);
  });

  it('is rung or not by what the call was started with, whatever its application says since', async () => {
    await meet(carol, await world.device('dave'));
    const callId = await meet(alice, bob);
    await world.putApplication({ callSettings: { whenBusy: 'refuse' } });

    expect(await codeOf(addCarol(callId))).toBeUndefined();
    expect(carol.heard('incomingCall')).toHaveLength(1);
  });
});

it('somebody who may do less, leaves and is rung in again may do no more than before', async () => {
  const callId = await meet(alice, bob, carol);
  const { call } = world.calls.participation(alice, callId);
  const participantId = call.ofUser('bob')?.id ?? '';
  await world.ask(alice, 'changeRole', { callId, participantId, role: 'attendee' });
  world.calls.leaveCall(bob, callId);
  await world.ask(carol, 'addParticipants', { callId, callees: ['bob'] });

  expect(carol.heard('participantJoined').at(-1)).toMatchObject({
    participant: { identity: { userId: 'bob' }, role: 'attendee', state: 'ringing' },
  });
  await world.calls.acceptCall(bob, callId, offer);
  expect(call.ofUser('bob')).toMatchObject({ role: 'attendee', state: 'connected' });
  const addDave = { callId, callees: ['dave'] };
  expect(await codeOf(world.ask(bob, 'addParticipants', addDave))).toBe('forbidden');
});
