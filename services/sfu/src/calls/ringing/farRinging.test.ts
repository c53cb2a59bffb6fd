import type { EndReasonName, RequestAnswer } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  codeOf,
  createCallWorld,
  joinedBy,
  passSettled,
  settled,
  type CallWorld,
  type FakeDevice,
} from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

const elsewhere = { action: 'redirect', url: 'http://node.test' };

/** More than the pause between two looks at the other nodes. */
const lookMs = 2_000;

let here: CallWorld;
let there: CallWorld;
let alice: FakeDevice;
let laptop: FakeDevice;
let phone: FakeDevice;

/** Two nodes: Alice and Bob's laptop are connected to one, Bob's phone to the other. */
beforeEach(async () => {
  here = await createCallWorld();
  const { backplane, clock } = here;
  there = await createCallWorld(undefined, { nodeId: 'there', backplane, clock });
  for (const nodeId of ['node', 'there']) {
    await backplane.nodes.announce({ nodeId, url: `http://${nodeId}.test` });
  }
  alice = await here.device('alice');
  laptop = await here.device('bob');
  phone = await there.device('bob');
});

const call = async (...callees: string[]): Promise<string> =>
  joinedBy(await here.ask(alice, 'startCall', { callees, media: offer })).call.id;

const later = (ms: number): Promise<void> => passSettled(here, ms);

async function rung(): Promise<string> {
  const callId = await call('bob');
  await settled();

  return callId;
}

const accept = (world: CallWorld, device: FakeDevice, callId: string) =>
  world.ask(device, 'acceptCall', { callId, media: offer });

const endsOf = (device: FakeDevice): EndReasonName[] =>
  device.heard('incomingCallEnded').map(({ reason }) => reason);

/** The device goes, as when its page is closed. */
async function leave(world: CallWorld, device: FakeDevice): Promise<void> {
  const { applicationId, id: endpointId, identity } = device;
  const nodeId = world === here ? 'node' : 'there';
  await here.backplane.presence.leave({ applicationId, userId: identity.userId, endpointId, nodeId });
  world.drop(device);
  await settled();
}

/** The phone goes where it was sent, and answers there. */
async function follow(callId: string): Promise<RequestAnswer<'acceptCall'>> {
  const connected = await here.device('bob');

  return accept(here, connected, callId);
}

describe('a callee with devices on two nodes', () => {
  it('rings on all of them, also on one that comes to the other node later', async () => {
    const callId = await rung();
    const tablet = await there.device('bob');

    expect(laptop.heard('incomingCall')).toMatchObject([{ callId }]);
    expect(phone.heard('incomingCall')).toEqual(laptop.heard('incomingCall'));
    expect(tablet.heard('incomingCall')).toEqual(laptop.heard('incomingCall'));
  });

  it('answers on the far one where the call is, and the others hear that', async () => {
    const callId = await rung();
    const tablet = await there.device('bob');
    expect(await accept(there, phone, callId)).toEqual(elsewhere);
    expect(await follow(callId)).toMatchObject({ action: 'joined', call: { id: callId } });
    await settled();

    expect([laptop, tablet].map(endsOf)).toEqual([['answered_elsewhere'], ['answered_elsewhere']]);
    // It is told by the answer to what it has asked.
    expect(endsOf(phone)).toEqual([]);
    expect(await accept(there, tablet, callId)).toEqual(elsewhere);
    expect(await codeOf(follow(callId))).toBe('answered_elsewhere');
  });

  it('answers on the near one, and the far ones ring no more', async () => {
    const callId = await rung();
    await accept(here, laptop, callId);
    await settled();

    expect(endsOf(phone)).toEqual(['answered_elsewhere']);
    await later(60_000);
    expect(phone.heard('incomingCall')).toHaveLength(1);
  });

  it('has one winner when both answer at once', async () => {
    const callId = await rung();
    await accept(there, phone, callId);
    const answers = await Promise.all([codeOf(accept(here, laptop, callId)), codeOf(follow(callId))]);

    expect(new Set(answers)).toEqual(new Set(['answered_elsewhere', undefined]));
  });

  it('declines on the far one for all', async () => {
    const callId = await rung();
    const tablet = await there.device('bob');
    await there.ask(phone, 'rejectCall', { callId });

    expect([laptop, tablet, phone].map(endsOf)).toEqual([['declined'], ['declined'], []]);
    expect(alice.heard('callEnded')).toMatchObject([{ reason: 'declined' }]);
    expect(await codeOf(there.ask(phone, 'rejectCall', { callId }))).toBe('call_not_found');
  });

  const ends: { title: string; reason: EndReasonName; act: (callId: string) => Promise<unknown> }[] = [
    {
      title: 'the caller gives up',
      reason: 'canceled',
      act: (callId) => here.ask(alice, 'leaveCall', { callId }),
    },
    {
      title: 'the near one declines',
      reason: 'declined',
      act: (callId) => here.ask(laptop, 'rejectCall', { callId }),
    },
    { title: 'nobody answers', reason: 'no_answer', act: () => later(60_000) },
  ];
  for (const { title, reason, act } of ends) {
    it(`rings no more on the far one when ${title}`, async () => {
      await act(await rung());
      await settled();

      expect(endsOf(phone)).toEqual([reason]);
    });
  }

  it('is not shown a far call that was over before it could ring there', async () => {
    const callId = await call('bob');
    await here.ask(laptop, 'rejectCall', { callId });
    await settled();

    expect(phone.heard('incomingCall').length).toBe(endsOf(phone).length);
  });
});

describe('a callee who has no device any more', () => {
  beforeEach(() => leave(here, laptop));

  it('is called from their own node, where the call is at home', async () => {
    expect(await here.ask(alice, 'startCall', { callees: ['bob'], media: offer })).toEqual({
      action: 'redirect',
      url: 'http://there.test',
    });
  });

  it('is offline some seconds after the last, which was far, has gone', async () => {
    await here.device('carol');
    const callId = await call('bob', 'carol');
    await settled();
    expect(phone.heard('incomingCall')).toMatchObject([{ callId }]);
    await leave(there, phone);
    await later(lookMs);
    expect(alice.heard('participantLeft')).toEqual([]);
    await later(5_000);

    expect(alice.heard('participantLeft')).toMatchObject([{ reason: 'offline' }]);
  });

  it('rings on when their node stops and is started again', async () => {
    await here.device('carol');
    const callId = await call('bob', 'carol');
    await settled();
    there.calls.close();
    await leave(there, phone);
    const back = await there.device('bob');
    await later(lookMs);

    expect(back.heard('incomingCall')).toMatchObject([{ callId }]);
  });

  it('rings on when a page is reloaded and comes to another node', async () => {
    const near = await here.device('bob');
    const callId = await rung();
    await leave(there, phone);
    await leave(here, near);
    const reloaded = await there.device('bob');
    await later(lookMs);
    expect(reloaded.heard('incomingCall')).toMatchObject([{ callId }]);
    await later(10_000);

    expect(alice.heard('callEnded')).toEqual([]);
  });
});

describe('a group call to people on two nodes', () => {
  it('rings them all', async () => {
    const carol = await there.device('carol');
    const callId = await call('bob', 'carol');
    await settled();

    expect(carol.heard('incomingCall')).toMatchObject([{ callId, kind: 'group' }]);
    expect(await accept(there, carol, callId)).toEqual(elsewhere);
  });

  it('is added to with somebody on the other', async () => {
    const carol = await there.device('carol');
    const callId = await rung();
    await accept(here, laptop, callId);
    expect(await here.ask(alice, 'addParticipants', { callId, callees: ['carol'] })).toMatchObject({
      unreachable: [],
    });
    await settled();

    expect(carol.heard('incomingCall')).toMatchObject([{ callId }]);
  });

  it('finds somebody busy who is in a call of the other node', async () => {
    await here.putApplication({ callSettings: { whenBusy: 'refuse' } });
    const carol = await there.device('carol');
    const dave = await there.device('dave');
    const { call: other } = joinedBy(
      await there.ask(carol, 'startCall', { callees: ['dave'], media: offer }),
    );
    await accept(there, dave, other.id);
    await settled();

    expect(await here.ask(alice, 'startCall', { callees: ['bob', 'carol'], media: offer })).toMatchObject({
      unreachable: [{ userId: 'carol', reason: 'busy' }],
    });
  });
});

describe('what one node asks of another', () => {
  const asked = {
    name: 'ringUser',
    applicationId: 'app',
    callId: 'far',
    userId: 'bob',
    participantId: 'place',
    homeNodeId: 'node',
    timeoutMs: 10_000,
    invitation: {
      callId: 'far',
      kind: 'direct',
      caller: { userId: 'alice', displayName: 'Alice', kind: 'user' },
      customData: {},
    },
  } as const;

  it('rings nobody of another application, and nobody who may not answer', async () => {
    const other = await there.device('bob', { applicationId: 'other' });
    const listener = await there.device('bob', { scopes: [] });
    await there.calls.carryOut(asked);

    expect([other, listener].map((device) => device.heard('incomingCall'))).toEqual([[], []]);
    expect(phone.heard('incomingCall')).toEqual([asked.invitation]);
    expect(await codeOf(there.calls.carryOut({ ...asked, userId: 'nobody' }))).toBe('callee_offline');
  });

  it('leads an answer nowhere when the home of the call is gone', async () => {
    await there.calls.carryOut({ ...asked, homeNodeId: 'gone' });

    expect(await codeOf(accept(there, phone, 'far'))).toBe('call_not_found');
    expect(await codeOf(there.ask(phone, 'rejectCall', { callId: 'far' }))).toBe('unavailable');
  });

  it('keeps no timer when the process stops', async () => {
    await there.calls.carryOut(asked);
    there.calls.close();
    const before = here.clock.pending;
    await later(70_000);

    expect([before, endsOf(phone)]).toEqual([0, []]);
  });
});
