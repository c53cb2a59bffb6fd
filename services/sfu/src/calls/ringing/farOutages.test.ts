import type { NodeCommand } from '@parley/backplane';
import { ProtocolError, type EndReasonName } from '@parley/protocol';
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

/** More than the pause between two looks at the other nodes. */
const lookMs = 2_000;

let here: CallWorld;
let there: CallWorld;
let alice: FakeDevice;
let carol: FakeDevice;
let phone: FakeDevice;

const node = (nodeId: string): Promise<CallWorld> =>
  createCallWorld(undefined, { nodeId, backplane: here.backplane, clock: here.clock });

const announce = (nodeId: string) => here.backplane.nodes.announce({ nodeId, url: `http://${nodeId}.test` });

/** Alice and Carol are connected to one node, Bob's phone to another. */
beforeEach(async () => {
  here = await createCallWorld();
  there = await node('there');
  await announce('node');
  await announce('there');
  alice = await here.device('alice');
  carol = await here.device('carol');
  phone = await there.device('bob');
});

const later = (ms: number): Promise<void> => passSettled(here, ms);

/** A group, so that the call goes on without Bob. */
async function callBobAndCarol(): Promise<string> {
  const { call } = joinedBy(await here.ask(alice, 'startCall', { callees: ['bob', 'carol'], media: offer }));
  await settled();

  return call.id;
}

const endsOf = (device: FakeDevice): EndReasonName[] =>
  device.heard('incomingCallEnded').map(({ reason }) => reason);

/** Of the phone, as when its process is killed: nobody hears of it but by asking. */
function forgetPhone(): Promise<void> {
  const { applicationId, id: endpointId, identity } = phone;

  return here.backplane.presence.leave({
    applicationId,
    endpointId,
    userId: identity.userId,
    nodeId: 'there',
  });
}

/** What happens to the commands that are sent to a node from now on. */
function onCommand(nodeId: string, send: (pass: () => Promise<void>, command: NodeCommand) => Promise<void>) {
  const { nodeCommands } = here.backplane;
  const pass = nodeCommands.send.bind(nodeCommands);
  nodeCommands.send = (to, command) =>
    to === nodeId ? send(() => pass(to, command), command) : pass(to, command);
}

describe('a node with devices of a callee', () => {
  it('rings them again when it was killed and is back under its id', async () => {
    const callId = await callBobAndCarol();
    await forgetPhone();
    here.backplane.nodeCommands.handle = () => () => {};
    const restarted = await node('there');
    onCommand('there', (_pass, command) => restarted.calls.carryOut(command));
    const back = await restarted.device('bob');
    await later(lookMs);

    expect(back.heard('incomingCall')).toMatchObject([{ callId }]);
  });

  it('has none any more when it was killed, which the caller learns some seconds later', async () => {
    await callBobAndCarol();
    await forgetPhone();
    onCommand('there', () => Promise.reject(new ProtocolError('unavailable')));
    await later(lookMs);
    await later(5_000);

    expect(alice.heard('participantLeft')).toMatchObject([{ reason: 'offline' }]);
  });

  it('counts although another one of them does not answer', async () => {
    const stalled = await node('stalled');
    await announce('stalled');
    await stalled.device('bob', { id: 'stalled phone' });
    onCommand('stalled', () => new Promise(() => {}));
    const callId = await callBobAndCarol();
    await later(6_000);
    expect(alice.heard('participantLeft')).toEqual([]);

    expect(await codeOf(there.ask(phone, 'rejectCall', { callId }))).toBeUndefined();
    expect(alice.heard('participantLeft')).toMatchObject([{ reason: 'declined' }]);
  });

  it('that stood still does not ring, when it goes on, what is over by then', async () => {
    const held: (() => Promise<void>)[] = [];
    onCommand('there', (pass) => {
      held.push(pass);

      return Promise.reject(new ProtocolError('unavailable'));
    });
    const callId = await callBobAndCarol();
    await here.ask(alice, 'leaveCall', { callId });
    for (const pass of held) {
      await pass().catch(() => {});
    }

    expect(endsOf(phone)).toEqual(phone.heard('incomingCall').map(() => 'canceled'));
  });

  it('is not told again what it rings already', async () => {
    await callBobAndCarol();
    await later(lookMs);
    await later(lookMs);

    expect(phone.heard('incomingCall')).toHaveLength(1);
  });

  it('rings no more some seconds after the home of the call was killed', async () => {
    await callBobAndCarol();
    here.calls.close();
    here.backplane.nodeCommands.send = () => Promise.reject(new Error('away'));
    await later(15_000);

    expect(endsOf(phone)).toEqual(['server_ended']);
  });

  it('rings no more some seconds after it could not be told that the call is over', async () => {
    const callId = await callBobAndCarol();
    onCommand('there', () => Promise.reject(new Error('away')));
    await here.ask(alice, 'leaveCall', { callId });
    await later(8_000);
    expect(endsOf(phone)).toEqual([]);
    await later(2_000);

    expect(endsOf(phone)).toEqual(['server_ended']);
    expect(here.log.map(({ msg }) => msg)).toContain('devices on another node not silenced');
  });

  it('rings on while the backplane is away for some seconds', async () => {
    await callBobAndCarol();
    let isAway = true;
    const unlessAway = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
      isAway ? Promise.reject(new ProtocolError('unavailable')) : ask();
    const { presence } = here.backplane;
    const lookUp = presence.endpointsOf.bind(presence);
    presence.endpointsOf = (...user) => unlessAway(() => lookUp(...user));
    onCommand('there', (pass) => unlessAway(pass));
    await later(7_000);
    isAway = false;
    await later(15_000);

    expect([phone.heard('incomingCall').length, endsOf(phone)]).toEqual([1, []]);
    expect(alice.heard('participantLeft')).toEqual([]);
  });

  it('says that the user declines also when the home knows of none there just now', async () => {
    const callId = await callBobAndCarol();
    // As where Redis has come back with nothing.
    await forgetPhone();
    await later(lookMs);
    await there.ask(phone, 'rejectCall', { callId });

    expect(alice.heard('participantLeft')).toMatchObject([{ reason: 'declined' }]);
  });

  it('is told of the end also when the home knows of no device there just now', async () => {
    const callId = await callBobAndCarol();
    await forgetPhone();
    await later(lookMs);
    await here.ask(alice, 'leaveCall', { callId });

    expect(endsOf(phone)).toEqual(['canceled']);
  });

  it('shows a device the call once, also one whose token ran out and was refreshed meanwhile', async () => {
    await callBobAndCarol();
    phone.hasExpired = true;
    await later(lookMs);
    phone.hasExpired = false;
    there.calls.appear(phone);

    expect(phone.heard('incomingCall')).toHaveLength(1);
  });
});

describe('somebody who is rung again at once', () => {
  it('is not silenced by what the first ringing was answered late', async () => {
    const { participantId, callId } = await answeredLate();
    await here.ask(alice, 'cancelRinging', { callId, participantId });
    await here.ask(alice, 'addParticipants', { callId, callees: ['bob'] });
    await settled();

    expect(phone.told.at(-1)?.name).toBe('incomingCall');
  });

  async function answeredLate(): Promise<{ callId: string; participantId: string }> {
    let isFirst = true;
    onCommand('there', async (pass) => {
      const outcome = pass();
      if (isFirst) {
        isFirst = false;
        await settled();
      }
      await outcome;
    });
    const { call } = joinedBy(
      await here.ask(alice, 'startCall', { callees: ['bob', 'carol'], media: offer }),
    );
    const bob = call.participants.find(({ identity }) => identity.userId === 'bob');

    return { callId: call.id, participantId: bob?.id ?? '' };
  }
});

it('who answers elsewhere when somebody else has is told so', async () => {
  const near = await here.device('bob');
  const callId = await callBobAndCarol();
  await here.ask(near, 'acceptCall', { callId, media: offer });
  await settled();
  expect(await there.ask(phone, 'acceptCall', { callId, media: offer })).toMatchObject({
    action: 'redirect',
  });
  const followed = await here.device('bob');

  expect(await codeOf(here.ask(followed, 'acceptCall', { callId, media: offer }))).toBe('answered_elsewhere');
});

it('the nodes of a callee are looked up once before they ring', async () => {
  const { presence } = here.backplane;
  const lookUp = presence.endpointsOf.bind(presence);
  const asked: string[] = [];
  presence.endpointsOf = (applicationId, userId) => {
    asked.push(userId);

    return lookUp(applicationId, userId);
  };
  await callBobAndCarol();

  expect(asked).toEqual(['bob', 'carol']);
  expect(carol.heard('incomingCall')).toHaveLength(1);
});

it('a node that cannot be reached is complained of once, and not at every look', async () => {
  onCommand('there', () => Promise.reject(new ProtocolError('unavailable')));
  await callBobAndCarol();
  await later(lookMs);
  await later(lookMs);

  expect(here.log.filter(({ msg }) => msg === 'devices on another node not rung')).toHaveLength(1);
});
