import type { CallEvent } from '@parley/backplane';
import { ProtocolError } from '@parley/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';

/** How long a place is kept. */
const graceMs = 30_000;

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let carol: FakeDevice;

beforeEach(async () => {
  world = await createCallWorld();
  alice = await world.device('alice');
  bob = await world.device('bob');
  carol = await world.device('carol');
});

/** The story of all calls so far, each participant by the name of their user. */
async function story(): Promise<string[]> {
  const events = await world.events();
  const names = new Map(
    events.flatMap((event) =>
      event.name === 'participantJoined' ? [[event.participantId, event.identity.userId] as const] : [],
    ),
  );

  return events.map((event) => {
    const who = 'participantId' in event ? ` ${names.get(event.participantId)}` : '';

    return `${event.name}${who}${detailOf(event)}`;
  });
}

function detailOf(event: CallEvent): string {
  switch (event.name) {
    case 'callStarted':
      return ` ${event.kind}`;
    case 'participantJoined':
    case 'roleChanged':
      return ` ${event.role}`;
    case 'participantLeft':
    case 'callEnded':
      return ` ${event.reason}`;
    default:
      return '';
  }
}

async function aliceCalls(...callees: string[]): Promise<string> {
  const { call } = await world.calls.startCall(alice, { callees, media: offer });

  return call.id;
}

const joinRoom = (device: FakeDevice) => world.enterRoom(device);

function leave(device: FakeDevice, callId: string): void {
  const { call, participant } = world.calls.participation(device, callId);
  call.leave(participant, 'hangup');
}

const directCallRings = [
  'callStarted direct',
  'participantJoined alice presenter',
  'participantConnected alice',
  'participantJoined bob collaborator',
];

describe('the events of a direct call', () => {
  it('tell of one that was answered and hung up', async () => {
    const callId = await aliceCalls('bob');
    await world.calls.acceptCall(bob, callId, offer);
    leave(bob, callId);

    expect(await story()).toEqual([
      ...directCallRings,
      'participantConnected bob',
      'callConnected',
      'participantLeft bob hangup',
      'participantLeft alice hangup',
      'callEnded hangup',
    ]);
  });

  it('say whose they are, when, and on which node', async () => {
    const callId = await aliceCalls('bob');
    world.clock.advance(1_000);
    await world.calls.rejectCall(bob, callId);

    const events = await world.events();
    const ofCall = { applicationId: 'app', callId, eventId: expect.any(String) as string };
    const startMs = world.clock.now() - 1_000;
    expect(events[0]).toEqual({
      ...ofCall,
      atMs: startMs,
      name: 'callStarted',
      kind: 'direct',
      nodeId: 'node',
    });
    expect(events[1]).toMatchObject({ ...ofCall, identity: alice.identity });
    expect(events.at(-1)).toEqual({
      ...ofCall,
      atMs: world.clock.now(),
      name: 'callEnded',
      reason: 'declined',
    });
  });

  it('have the end on its way before anybody hears of it, in case the process is killed then', async () => {
    const callId = await aliceCalls('bob');
    await world.calls.acceptCall(bob, callId, offer);
    const order: string[] = [];
    vi.spyOn(world.backplane.callEvents, 'publish').mockImplementation(({ name }) => order.push(name));
    vi.spyOn(alice, 'notify').mockImplementation(({ name }) => order.push(`alice hears ${name}`));
    leave(bob, callId);

    expect(order).toEqual(['participantLeft', 'participantLeft', 'callEnded', 'alice hears callEnded']);
  });

  const ends: { title: string; act: (callId: string) => void; left: string[] }[] = [
    {
      title: 'that was declined',
      act: (callId) => void world.calls.rejectCall(bob, callId),
      left: ['participantLeft bob declined', 'participantLeft alice declined', 'callEnded declined'],
    },
    {
      title: 'that nobody answered',
      act: () => world.clock.advance(60_000),
      left: ['participantLeft bob no_answer', 'participantLeft alice no_answer', 'callEnded no_answer'],
    },
    {
      title: 'that the caller gave up',
      act: (callId) => leave(alice, callId),
      left: ['participantLeft alice hangup', 'participantLeft bob canceled', 'callEnded hangup'],
    },
    {
      title: 'whose worker has crashed',
      act: () => world.media.calls[0]?.listener.onLost('media_failed'),
      left: [
        'participantLeft alice media_failed',
        'participantLeft bob media_failed',
        'callEnded media_failed',
      ],
    },
  ];

  it.each(ends)('tell of one $title', async ({ act, left }) => {
    act(await aliceCalls('bob'));

    expect(await story()).toEqual([...directCallRings, ...left]);
  });

  it('tell of a caller who was gone before their media was there, and did not come back', async () => {
    const proceed = world.media.holdParticipants();
    const starting = aliceCalls('bob');
    await expect.poll(() => world.media.waiting).toBe(1);
    world.drop(alice);
    proceed();
    await starting;
    world.clock.advance(graceMs);

    expect(await story()).toEqual([
      ...directCallRings,
      'participantLeft alice connection_lost',
      'participantLeft bob canceled',
      'callEnded connection_lost',
    ]);
  });

  it('are none when nobody could be rung', async () => {
    world.drop(bob);
    expect(await codeOf(aliceCalls('bob'))).toBe('callee_offline');

    expect(await story()).toEqual([]);
  });
});

describe('the events of a group call', () => {
  it('tell of each callee, and of the end when one is left alone', async () => {
    const callId = await aliceCalls('bob', 'carol');
    await world.calls.acceptCall(bob, callId, offer);
    await world.calls.rejectCall(carol, callId);
    world.drop(bob);
    world.clock.advance(graceMs);
    world.clock.advance(60_000);

    expect(await story()).toEqual([
      'callStarted group',
      'participantJoined alice presenter',
      'participantConnected alice',
      'participantJoined bob collaborator',
      'participantJoined carol collaborator',
      'participantConnected bob',
      'callConnected',
      'participantLeft carol declined',
      'participantLeft bob connection_lost',
      'participantLeft alice alone',
      'callEnded alone',
    ]);
  });

  it('say once that it is connected, however many answer', async () => {
    const callId = await aliceCalls('bob', 'carol');
    await world.calls.acceptCall(bob, callId, offer);
    await world.calls.acceptCall(carol, callId, offer);

    expect((await story()).filter((line) => line === 'callConnected')).toHaveLength(1);
  });
});

describe('the events of a room', () => {
  it('tell of who came, failed to come and went, to the end', async () => {
    await world.putRoom({ roster: { alice: 'presenter' } });
    const { call } = await joinRoom(alice);
    world.media.failNext(new ProtocolError('invalid_request'));
    expect(await codeOf(joinRoom(carol))).toBe('invalid_request');
    await joinRoom(bob);
    leave(bob, call.id);
    leave(alice, call.id);

    expect(await story()).toEqual([
      'callStarted room',
      'callConnected',
      'participantJoined alice presenter',
      'participantConnected alice',
      'participantJoined carol collaborator',
      'participantLeft carol failed',
      'participantJoined bob collaborator',
      'participantConnected bob',
      'participantLeft bob hangup',
      'participantLeft alice hangup',
      'callEnded hangup',
    ]);
    expect((await world.events())[0]).toMatchObject({ roomId: 'room' });
  });

  it('let nobody outlast the call, not even those whose media is still being made', async () => {
    await world.putRoom();
    const { call } = await joinRoom(alice);
    const proceed = world.media.holdParticipants();
    const entering = codeOf(joinRoom(bob));
    await expect.poll(() => world.media.waiting).toBe(1);
    world.drop(bob);
    world.calls.participation(alice, call.id).call.end('ended_for_everyone');
    proceed();
    await entering;

    expect(await story()).toEqual([
      'callStarted room',
      'callConnected',
      'participantJoined alice collaborator',
      'participantConnected alice',
      'participantJoined bob collaborator',
      'participantLeft alice ended_for_everyone',
      'participantLeft bob canceled',
      'callEnded ended_for_everyone',
    ]);
  });
});

describe('the directory of live calls', () => {
  const listed = (callId: string) => world.backplane.callDirectory.find('app', callId);
  const ofCall = { applicationId: 'app', nodeId: 'node' };

  it('has who is connected in a call, and the call until it ends', async () => {
    const callId = await aliceCalls('bob');
    await expect.poll(() => listed(callId)).toEqual({ ...ofCall, callId, userIds: ['alice'] });
    await world.calls.acceptCall(bob, callId, offer);
    await expect.poll(() => listed(callId)).toEqual({ ...ofCall, callId, userIds: ['alice', 'bob'] });
    leave(bob, callId);
    await expect.poll(() => listed(callId)).toBeUndefined();
  });

  it('has the room of a call, and each user once', async () => {
    await world.putRoom();
    const { call } = await joinRoom(alice);
    const tablet = await world.device('alice');
    await joinRoom(tablet);
    await joinRoom(bob);
    leave(alice, call.id);

    const callId = call.id;
    await expect
      .poll(() => listed(callId))
      .toEqual({ ...ofCall, callId, roomId: 'room', roomEpoch: 1, userIds: ['alice', 'bob'] });
    leave(tablet, callId);
    await expect.poll(() => listed(callId)).toMatchObject({ userIds: ['bob'] });
  });
});
