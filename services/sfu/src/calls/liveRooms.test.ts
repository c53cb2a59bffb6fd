import type { RoomRecord } from '@parley/backplane';
import type { MediaSource, Role } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { produce } from './participants/publish.ts';

/** Twenty-five days: more than a timer of JavaScript waits for. */
const veryLongMs = 25 * 24 * 3_600_000;

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  alice = await world.device('alice');
  bob = await world.device('bob');
});

const join = (device: FakeDevice) => world.enterRoom(device);

/** Alice, a presenter, and Bob are in the room. */
async function meet(room: Partial<RoomRecord> = {}): Promise<{ callId: string; bobsId: string }> {
  await world.putRoom({ ...room, roster: { alice: 'presenter', ...room.roster } });
  await join(alice);
  const { call, participantId } = await join(bob);

  return { callId: call.id, bobsId: participantId };
}

function send(device: FakeDevice, callId: string, source: MediaSource): Promise<string> {
  const options = { transportId: 'transport', source, rtpParameters: { codecs: [] }, paused: false };

  return produce(world.calls.participation(device, callId), options);
}

const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);
const leftOf = (device: FakeDevice) => device.heard('participantLeft').map(({ reason }) => reason);
const removedFor = (device: FakeDevice) =>
  device.heard('producerRemoved').map(({ producerId }) => producerId);

async function visitor(role: Role): Promise<FakeDevice> {
  return world.device('visitor', {
    identity: { userId: 'visitor', displayName: 'Visitor', kind: 'guest' },
    scopes: ['rooms.join'],
    guestOf: { roomId: 'room', role },
  });
}

describe("the settings of a room's call", () => {
  it('are those of the application with those of the room put before them, as they were at its start', async () => {
    await world.putApplication({ callSettings: { ringingTimeoutSeconds: 20, reconnectSeconds: 40 } });
    const callSettings = { reconnectSeconds: 90, loudestHeard: 5 };
    const { callId } = await meet({ callSettings });
    await world.putRoom({ callSettings: { reconnectSeconds: 10 } });

    const { call } = await join(await world.device('carol'));
    expect(call.id).toBe(callId);
    expect(call.settings).toMatchObject({ ringingTimeoutSeconds: 20, ...callSettings });
  });
});

describe('a role that changes during the call', () => {
  it('is told to everyone, the participant included, to late joiners and to the platform', async () => {
    const { callId, bobsId } = await meet();
    await world.putRoom({ roster: { alice: 'presenter', bob: 'presenter' } });
    const changed = [{ callId, participantId: bobsId, role: 'presenter' }];

    expect([alice.heard('roleChanged'), bob.heard('roleChanged')]).toEqual([changed, changed]);
    const { call } = await join(await world.device('carol'));
    expect(call.participants.find(({ id }) => id === bobsId)).toMatchObject({ role: 'presenter' });
    expect((await world.events()).filter(({ name }) => name === 'roleChanged')).toMatchObject([
      { participantId: bobsId, role: 'presenter' },
    ]);
  });

  it('ends what it does not allow to be sent, on both sides, and keeps it from being sent again', async () => {
    const { callId } = await meet();
    await send(bob, callId, 'microphone');
    await send(bob, callId, 'screen');
    await world.putRoom({ roster: { alice: 'presenter', bob: 'consumer' } });

    const ended = ['producer-microphone', 'producer-screen'];
    expect([removedFor(alice), removedFor(bob)]).toEqual([ended, ended]);
    expect(await codeOf(send(bob, callId, 'microphone'))).toBe('forbidden');
    expect(endOf(bob)).toEqual([]);
  });

  it('allows at once what it did not allow before', async () => {
    const { callId } = await meet({ roster: { bob: 'consumer' } });
    expect(await codeOf(send(bob, callId, 'camera'))).toBe('forbidden');
    await world.putRoom({ roster: { alice: 'presenter', bob: 'attendee' } });

    expect(await codeOf(send(bob, callId, 'camera'))).toBeUndefined();
  });

  it('ends a stream that the worker was still making', async () => {
    const { callId } = await meet();
    const producing = codeOf(send(bob, callId, 'camera'));
    await world.putRoom({ roster: { alice: 'presenter', bob: 'consumer' } });

    expect(await producing).toBe('forbidden');
    expect(alice.heard('producerAdded')).toEqual([]);
    expect(world.media.producers).toEqual([]);
  });

  it('is not told when nothing about it has changed', async () => {
    await meet();
    await world.putRoom({ roster: { alice: 'presenter' }, maxParticipants: 3 });

    expect([...alice.heard('roleChanged'), ...bob.heard('roleChanged')]).toEqual([]);
  });
});

describe('a room whose attendees may not share any more', () => {
  it('says so to everyone inside before it ends anything, and to late joiners', async () => {
    const { callId } = await meet({ roster: { bob: 'attendee' } });
    await send(bob, callId, 'screen');
    const roster = { alice: 'presenter', bob: 'attendee' } as const;
    await world.putRoom({ roster, attendeesMayShare: false });
    await world.putRoom({ roster, attendeesMayShare: false, maxParticipants: 7 });

    const changed = [{ callId, roomRules: { attendeesMayShare: false } }];
    expect([alice.heard('roomRulesChanged'), bob.heard('roomRulesChanged')]).toEqual([changed, changed]);
    const names = bob.told.map(({ name }) => name);
    expect(names.indexOf('roomRulesChanged')).toBeLessThan(names.indexOf('producerRemoved'));
    const { call } = await join(await world.device('carol'));
    expect(call.roomRules).toEqual({ attendeesMayShare: false });
  });

  it('ends the screens of attendees and nothing else', async () => {
    const { callId, bobsId } = await meet({ roster: { bob: 'attendee' } });
    await send(alice, callId, 'screen');
    await send(bob, callId, 'screen');
    await send(bob, callId, 'screenAudio');
    await send(bob, callId, 'camera');
    await world.putRoom({ roster: { alice: 'presenter', bob: 'attendee' }, attendeesMayShare: false });

    const ended = ['producer-screen', 'producer-screenAudio'];
    expect([removedFor(alice), removedFor(bob)]).toEqual([ended, ended]);
    expect(alice.heard('producerRemoved').map(({ participantId }) => participantId)).toEqual([
      bobsId,
      bobsId,
    ]);
    expect(await codeOf(send(bob, callId, 'screen'))).toBe('forbidden');
    expect(await codeOf(send(alice, callId, 'screenAudio'))).toBeUndefined();
  });
});

describe('somebody whom the room does not admit any more', () => {
  it('is removed when they are taken off the roster of an invite-only room', async () => {
    const { bobsId, callId } = await meet({ access: 'invite', roster: { bob: 'attendee' } });
    await world.putRoom({ access: 'invite', roster: { alice: 'presenter' } });

    expect(endOf(bob)).toEqual(['not_on_roster']);
    expect(alice.heard('participantLeft')).toEqual([
      { callId, participantId: bobsId, reason: 'not_on_roster' },
    ]);
    expect(endOf(alice)).toEqual([]);
    expect(await codeOf(join(bob))).toBe('not_on_roster');
  });

  it('is removed when an open room becomes invite-only without them', async () => {
    await meet();
    await world.putRoom({ access: 'invite', roster: { alice: 'presenter' } });

    expect([endOf(alice), endOf(bob)]).toEqual([[], ['not_on_roster']]);
  });

  it('goes on in the role of everybody when an open room takes them off its roster', async () => {
    const { callId, bobsId } = await meet({ roster: { bob: 'presenter' } });
    await world.putRoom({ roster: { alice: 'presenter' } });

    expect(bob.heard('roleChanged')).toEqual([{ callId, participantId: bobsId, role: 'collaborator' }]);
    expect(endOf(bob)).toEqual([]);
  });

  it('is not let in when the roster changes while their media is being made', async () => {
    await world.putRoom({ access: 'invite', roster: { alice: 'presenter', bob: 'attendee' } });
    await join(alice);
    const proceed = world.media.holdParticipants();
    const joining = codeOf(join(bob));
    await expect.poll(() => world.media.waiting).toBe(1);
    await world.putRoom({ access: 'invite', roster: { alice: 'presenter' } });
    proceed();

    expect(await joining).toBe('not_on_roster');
    expect(alice.heard('participantJoined')).toEqual([]);
    expect(world.media.open).toBe(2);
  });

  it('enters in the role that the roster gives by the time their media is there', async () => {
    await world.putRoom({ roster: { alice: 'presenter' } });
    await join(alice);
    const proceed = world.media.holdParticipants();
    const joining = join(bob);
    await expect.poll(() => world.media.waiting).toBe(1);
    await world.putRoom({ roster: { alice: 'presenter', bob: 'consumer' } });
    proceed();
    const { call, participantId } = await joining;

    const bobs = { id: participantId, role: 'consumer' };
    expect(call.participants.at(-1)).toMatchObject(bobs);
    expect(alice.heard('participantJoined')).toMatchObject([{ participant: bobs }]);
    expect(alice.heard('roleChanged')).toEqual([]);
  });
});

describe('a visitor through a guest link', () => {
  it('stays, in the role of the link, whatever becomes of roster, access and lobby', async () => {
    await meet();
    const guest = await visitor('attendee');
    await join(guest);
    await world.putRoom({
      access: 'invite',
      lobby: true,
      roster: { alice: 'presenter', visitor: 'consumer' },
    });

    expect(endOf(guest)).toEqual([]);
    expect(guest.heard('roleChanged')).toEqual([]);
  });
});

describe('a room that ends while a call goes on', () => {
  it.each([
    ['that is deleted', () => world.backplane.admission.removeRoom('app', 'room'), 'server_ended'],
    [
      'whose application is deleted',
      () => world.backplane.admission.removeApplication('app'),
      'server_ended',
    ],
    [
      'whose end is moved into the past',
      () => world.putRoom({ validUntilMs: world.clock.now() }),
      'outside_room_window',
    ],
    [
      'whose beginning is moved into the future',
      () => world.putRoom({ validFromMs: world.clock.now() + 1 }),
      'outside_room_window',
    ],
  ])('ends the call for everyone in a room %s', async (_title, change, reason) => {
    await meet();
    await change();

    expect([endOf(alice), endOf(bob)]).toEqual([[reason], [reason]]);
    expect(world.media.open).toBe(0);
    expect(world.clock.pending).toBe(0);
  });

  it('ends the call at the end of the window, to the millisecond', async () => {
    await meet({ validUntilMs: world.clock.now() + 1_000 });
    world.clock.advance(999);
    expect(endOf(alice)).toEqual([]);
    world.clock.advance(1);

    expect([endOf(alice), endOf(bob)]).toEqual([['outside_room_window'], ['outside_room_window']]);
    expect(leftOf(alice)).toEqual([]);
    expect(await codeOf(join(alice))).toBe('outside_room_window');
  });

  it('follows an end that is moved, in both directions', async () => {
    const nowMs = world.clock.now();
    await meet({ validUntilMs: nowMs + 1_000 });
    const roster = { alice: 'presenter' } as const;
    await world.putRoom({ roster, validUntilMs: nowMs + 3_000 });
    world.clock.advance(2_000);
    expect(endOf(alice)).toEqual([]);
    await world.putRoom({ roster, validUntilMs: nowMs + 2_500 });
    world.clock.advance(500);

    expect(endOf(alice)).toEqual(['outside_room_window']);
  });

  it('waits for an end that is further away than a timer can wait', async () => {
    await meet({ validUntilMs: world.clock.now() + veryLongMs });
    expect(Math.max(...world.clock.delays)).toBeLessThan(2 ** 31);
    world.clock.advance(veryLongMs - 1);
    expect(endOf(alice)).toEqual([]);
    world.clock.advance(1);

    expect(endOf(alice)).toEqual(['outside_room_window']);
  });

  it('leaves no timer behind when the last one has left', async () => {
    await meet({ validUntilMs: world.clock.now() + 1_000 });
    world.drop(alice);
    world.drop(bob);
    world.clock.advance(999);
    expect(endOf(alice)).toEqual([]);

    world.clock.advance(1);
    expect(world.clock.pending).toBe(0);
  });

  it('lets nobody into a room that was deleted while its call was being made', async () => {
    await world.putRoom();
    const proceed = world.media.holdNextCall();
    const joining = codeOf(join(alice));
    await expect.poll(() => world.media.calls.length).toBe(1);
    await world.backplane.admission.removeRoom('app', 'room');
    proceed();

    expect(await joining).toBe('room_not_found');
    expect(world.media.open).toBe(0);
  });
});
