import { ProtocolError, type Waiting } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { createLobbyRoom, joinRoom, waitBefore } from '../../../test/support/lobbyRoom.ts';
import { standardCallLimits } from '../callLimits.ts';

let world: CallWorld;
let alice: FakeDevice;
let callId: string;

beforeEach(async () => {
  ({ world, alice, callId } = await createLobbyRoom());
});

const join = (device: FakeDevice) => joinRoom(world, device);
const wait = (device: FakeDevice) => waitBefore(world, device);

/** As it is told at the latest. */
function lobbyOf(device: FakeDevice): string[] | undefined {
  world.clock.advance(200);

  return device
    .heard('lobbyChanged')
    .at(-1)
    ?.lobby.map(({ identity }) => identity.userId);
}

const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);
const decide = (
  device: FakeDevice,
  name: 'admitParticipants' | 'denyParticipants',
  ...participantIds: string[]
) => world.ask(device, name, { callId, participantIds });

async function resume(userId: string, { participantId: _id, resumeToken, sequence }: Waiting) {
  const device = await world.device(userId);

  return { device, resumed: await world.ask(device, 'resume', { callId, resumeToken, sequence }) };
}

describe('somebody who has to wait', () => {
  it('is answered with a place before the door, of which only those hear who may open it', async () => {
    const [bob, carol] = [await world.device('bob'), await world.device('carol')];
    await decideFor(await wait(carol));
    world.clock.advance(400);
    const waiting = await wait(bob);

    expect(waiting).toMatchObject({ action: 'lobby', sequence: 0, call: { id: callId, roomId: 'room' } });
    expect(alice.heard('lobbyChanged').at(-1)).toEqual({
      callId,
      lobby: [{ participantId: waiting.participantId, identity: bob.identity, sinceMs: world.clock.now() }],
    });
    expect([
      ...carol.heard('lobbyChanged'),
      ...alice.heard('participantJoined').slice(1),
      ...bob.told,
    ]).toEqual([]);
  });

  it('is in no call: what is asked of one is answered call_not_found', async () => {
    const bob = await world.device('bob');
    await wait(bob);

    expect(await codeOf(world.ask(bob, 'sendChat', { callId, text: 'hello' }))).toBe('call_not_found');
    expect(await codeOf(world.ask(bob, 'getSnapshot', { callId }))).toBe('call_not_found');
    expect(await codeOf(join(bob))).toBe('invalid_state');
  });

  it('enters with everything joinRoom would have answered once admitted, under the id they waited with', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    await decideFor(waiting);

    const [admitted] = bob.heard('admitted');
    const { participantId, resumeToken } = waiting;
    expect(admitted).toMatchObject({
      callId,
      // The notification counts: the next one has the number after it.
      joined: { action: 'joined', participantId, resumeToken, sequence: 1, media: { consumers: [] } },
    });
    expect(admitted?.joined.call.participants.at(-1)).toMatchObject({
      id: participantId,
      state: 'connected',
    });
    expect(alice.heard('participantJoined')).toMatchObject([{ participant: { id: participantId } }]);
    expect(lobbyOf(alice)).toEqual([]);
    expect(world.calls.participation(bob, callId).participant.mailbox.sequence).toBe(1);
  });

  it('is told lobby_denied when they are denied, and may ask again', async () => {
    const bob = await world.device('bob');
    await decide(alice, 'denyParticipants', (await wait(bob)).participantId);

    expect(endOf(bob)).toEqual(['lobby_denied']);
    expect(lobbyOf(alice)).toEqual([]);
    await wait(bob);
    expect(lobbyOf(alice)).toEqual(['bob']);
  });

  it('may leave', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    await world.ask(bob, 'leaveCall', { callId });

    expect(lobbyOf(alice)).toEqual([]);
    expect(endOf(bob)).toEqual([]);
  });

  it('is told why when the call ends for everyone', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    await world.ask(alice, 'endCall', { callId });

    expect(endOf(bob)).toEqual(['ended_for_everyone']);
    expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
  });

  it('waits on when everybody inside has gone, and is seen by the next presenter', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    await world.ask(alice, 'leaveCall', { callId });
    expect(endOf(bob)).toEqual([]);

    const { call } = await world.enterRoom(alice);
    expect(call).toMatchObject({ id: callId, lobby: [{ identity: { userId: 'bob' } }] });
    await world.ask(alice, 'leaveCall', { callId });
    await world.ask(bob, 'leaveCall', { callId });
    expect(world.media.open).toBe(0);
  });

  it('is told the room is full when too many wait', async () => {
    for (let count = 0; count < standardCallLimits.waiting; count += 1) {
      // One after another: they are put in line in this order.
      // oxlint-disable-next-line no-await-in-loop
      await wait(await world.device(`user-${count}`));
      world.clock.advance(1_000 / standardCallLimits.joinsPerSecond);
    }

    expect(await codeOf(join(await world.device('late')))).toBe('room_full');
  });

  async function decideFor({ participantId }: Waiting): Promise<void> {
    await decide(alice, 'admitParticipants', participantId);
  }
});

describe('a connection that is lost before the door', () => {
  it('keeps the place, which is resumed and admitted', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    world.drop(bob);
    world.clock.advance(29_999);
    const { device, resumed } = await resume('bob', waiting);

    expect(resumed).toMatchObject({ action: 'lobby', missed: [], sequence: 0 });
    expect(lobbyOf(alice)).toEqual(['bob']);
    await decide(alice, 'admitParticipants', waiting.participantId);
    expect(device.heard('admitted')).toHaveLength(1);
    expect(world.clock.pending).toBe(1);
  });

  it('is given up after as long as the call says, and the client told so', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    world.drop(bob);
    world.clock.advance(30_000);

    expect(lobbyOf(alice)).toEqual([]);
    expect((await resume('bob', waiting)).resumed).toEqual({ action: 'stop', reason: 'connection_lost' });
  });

  it('does not keep somebody from being let in, who finds the call and new media when they are back', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    world.drop(bob);
    await decide(alice, 'admitParticipants', waiting.participantId);
    expect(alice.heard('participantJoined')).toHaveLength(1);
    const { device, resumed } = await resume('bob', waiting);

    expect(resumed).toMatchObject({
      action: 'rejoin',
      missed: [],
      snapshot: { call: { id: callId } },
      media: {},
    });
    expect(world.calls.participation(device, callId).participant.id).toBe(waiting.participantId);
  });

  it('is told why the wait has ended meanwhile', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    world.drop(bob);
    await decide(alice, 'denyParticipants', waiting.participantId);

    expect((await resume('bob', waiting)).resumed).toEqual({ action: 'stop', reason: 'lobby_denied' });
  });

  it('while they are being let in leads into the call all the same', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    const proceed = world.media.holdParticipants();
    const admitting = decide(alice, 'admitParticipants', waiting.participantId);
    world.drop(bob);
    const resuming = resume('bob', waiting);
    proceed();
    await admitting;

    expect((await resuming).resumed).toMatchObject({ action: 'rejoin' });
  });
});

describe('a lobby that is asked for two things at once', () => {
  it('gives up who is gone before they begin to wait', async () => {
    const bob = await world.device('bob');
    const waiting = wait(bob);
    world.drop(bob);
    await waiting;
    expect(lobbyOf(alice)).toEqual(['bob']);
    world.clock.advance(30_000);

    expect(lobbyOf(alice)).toEqual([]);
  });

  it('shows nobody to wait who is being let in while they come back', async () => {
    const bob = await world.device('bob');
    const waiting = await wait(bob);
    world.drop(bob);
    const back = await world.device('bob');
    const { resumeToken, sequence, participantId } = waiting;
    const proceed = world.media.holdParticipants();
    const resuming = world.ask(back, 'resume', { callId, resumeToken, sequence });
    const admitting = decide(alice, 'admitParticipants', participantId);
    const { call } = world.calls.participation(alice, callId);
    await expect.poll(() => world.media.waiting).toBe(1);
    expect(call.lobby.entries).toEqual([]);
    proceed();
    await Promise.all([resuming, admitting]);

    expect(call.lobby.isEmpty).toBe(true);
    expect(world.calls.participation(back, callId).participant.id).toBe(participantId);
  });
});

describe('the right to open the door', () => {
  it('comes and goes with the role, and what is seen of the lobby with it', async () => {
    const carol = await world.device('carol');
    const { participantId: carols } = await wait(carol);
    await decide(alice, 'admitParticipants', carols);
    const { participantId: bobs } = await wait(await world.device('bob'));
    expect(await codeOf(decide(carol, 'admitParticipants', bobs))).toBe('forbidden');

    await world.ask(alice, 'changeRole', { callId, participantId: carols, role: 'presenter' });
    expect(lobbyOf(carol)).toEqual(['bob']);
    await world.ask(alice, 'changeRole', { callId, participantId: carols, role: 'attendee' });
    expect(lobbyOf(carol)).toEqual([]);
    expect(await codeOf(decide(carol, 'denyParticipants', bobs))).toBe('forbidden');
  });

  it('decides of those who wait, and of nobody when one of those named does not', async () => {
    const bob = await world.device('bob');
    const { participantId } = await wait(bob);

    for (const name of ['admitParticipants', 'denyParticipants'] as const) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await codeOf(decide(alice, name, participantId, 'nobody'))).toBe('not_found');
    }
    expect(bob.told).toEqual([]);
  });

  it('lets somebody in once, however often it is used', async () => {
    const bob = await world.device('bob');
    const { participantId } = await wait(bob);
    const outcomes = await Promise.all(
      [1, 2].map(() => codeOf(decide(alice, 'admitParticipants', participantId))),
    );

    expect(outcomes).toEqual([undefined, 'not_found']);
    expect(bob.heard('admitted')).toHaveLength(1);
  });

  it('is not exercised when the media of one cannot be made: they are told, and the others are in', async () => {
    const [bob, carol] = [await world.device('bob'), await world.device('carol')];
    const ids = [await wait(bob), await wait(carol)].map(({ participantId }) => participantId);
    world.media.failNext(new ProtocolError('invalid_request'));
    await decide(alice, 'admitParticipants', ...ids);

    expect(endOf(bob)).toEqual(['failed']);
    expect(carol.heard('admitted')).toHaveLength(1);
    expect(world.media.open).toBe(3);
  });
});

describe('a room that is changed', () => {
  it('lets in who waits when the lobby is taken down, or when they present', async () => {
    const [bob, carol] = [await world.device('bob'), await world.device('carol')];
    await wait(bob);
    await wait(carol);
    await world.putRoom({ lobby: true, roster: { alice: 'presenter', bob: 'presenter' } });
    await expect.poll(() => bob.heard('admitted')).toHaveLength(1);
    expect(carol.told).toEqual([]);
    await world.putRoom({ lobby: false, roster: { alice: 'presenter', bob: 'presenter' } });

    await expect.poll(() => carol.heard('admitted')).toHaveLength(1);
  });

  it('turns away whom it does not know any more', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    await world.putRoom({ lobby: true, access: 'invite', roster: { alice: 'presenter' } });

    expect(endOf(bob)).toEqual(['not_on_roster']);
    expect(lobbyOf(alice)).toEqual([]);
  });

  it('refuses for now who was entering while the lobby was set up', async () => {
    await world.putRoom({ roster: { alice: 'presenter' } });
    const bob = await world.device('bob');
    const proceed = world.media.holdParticipants();
    const joining = codeOf(join(bob));
    await expect.poll(() => world.media.waiting).toBe(1);
    await world.putRoom({ lobby: true, roster: { alice: 'presenter' } });
    proceed();

    expect(await joining).toBe('not_admitted');
    await wait(bob);
  });
});
