import type { RequestData } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';
import { keptCall, keptParticipant } from '../../../test/support/keptCalls.ts';
import { waitBefore } from '../../../test/support/lobbyRoom.ts';
import { ResumeTokens } from '../recovery/ResumeTokens.ts';

const roster = { alice: 'presenter' } as const;

let world: CallWorld;
let alice: FakeDevice;
let phone: FakeDevice;
let laptop: FakeDevice;

/** Alice is in the room's call; Bob has a telephone and a laptop. */
beforeEach(async () => {
  world = await createCallWorld();
  [alice, phone, laptop] = [
    await world.device('alice'),
    await world.device('bob'),
    await world.device('bob'),
  ];
  await world.putRoom({ roster });
  await world.enterRoom(alice);
});

const enter = (device: FakeDevice, changed: Partial<RequestData<'joinRoom'>> = {}) =>
  world.calls.joinRoom(device, { roomId: 'room', media: offer, ...changed });
const enterAlone = (device: FakeDevice) => enter(device, { kickSiblings: true });
const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);
const leftOf = (device: FakeDevice) => device.heard('participantLeft').map(({ reason }) => reason);

describe('one who enters in place of their other devices', () => {
  it('has them leave, of which they and the others are told', async () => {
    await enter(phone);
    await enterAlone(laptop);

    expect([endOf(phone), endOf(laptop), endOf(alice)]).toEqual([['joined_elsewhere'], [], []]);
    expect(leftOf(alice)).toEqual(['joined_elsewhere']);
  });

  it('finds them gone already in the answer', async () => {
    await enter(phone);
    const joined = await enterAlone(laptop);

    expect(joined).toMatchObject({
      call: { participants: [{ identity: { userId: 'alice' } }, { identity: { userId: 'bob' } }] },
    });
    expect(world.media.open).toBe(1 + 2);
  });

  it('has none leave unless that was asked for, nor those of somebody else', async () => {
    await enter(phone);
    await enter(laptop);
    await enter(await world.device('carol'), { kickSiblings: true });
    await enter(await world.device('dave'), { kickSiblings: false });

    expect([endOf(alice), endOf(phone), endOf(laptop)]).toEqual([[], [], []]);
  });

  it('voids the place of one who is away, and says why to who comes back to it', async () => {
    const joined = await enter(phone);
    const { resumeToken } = joined as { resumeToken: string };
    world.drop(phone);
    const { call } = await world.enterRoom(await world.device('carol'));
    await enterAlone(laptop);
    const back = await world.device('bob');

    expect(leftOf(alice)).toEqual(['joined_elsewhere']);
    expect(await world.ask(back, 'resume', { callId: call.id, resumeToken, sequence: 0 })).toEqual({
      action: 'stop',
      reason: 'joined_elsewhere',
    });
  });

  it('sends them away from the door, too, once they are let in themselves and not before', async () => {
    await world.putRoom({ roster, lobby: true });
    await waitBefore(world, phone);
    const waiting = await enterAlone(laptop);
    expect([waiting.action, endOf(phone)]).toEqual(['lobby', []]);
    const { participantId, call } = waiting as { participantId: string; call: { id: string } };
    await world.ask(alice, 'admitParticipants', { callId: call.id, participantIds: [participantId] });

    expect([endOf(phone), endOf(laptop)]).toEqual([['joined_elsewhere'], []]);
    expect(laptop.heard('admitted')).toHaveLength(1);
    world.clock.advance(200);
    expect(alice.heard('lobbyChanged').at(-1)?.lobby).toEqual([]);
  });

  it('leaves those before the door alone who came there later', async () => {
    await world.putRoom({ roster, lobby: true });
    const { participantId, call } = (await enterAlone(laptop)) as {
      participantId: string;
      call: { id: string };
    };
    await waitBefore(world, phone);
    await world.ask(alice, 'admitParticipants', { callId: call.id, participantIds: [participantId] });

    expect([endOf(phone), laptop.heard('admitted').length]).toEqual([[], 1]);
  });

  it('does so in a group call that is joined, and where they were rung into a room', async () => {
    const { call } = await world.calls.startCall(alice, { callees: ['bob', 'carol'], media: offer });
    const { id: callId } = call;
    await world.calls.acceptCall(phone, callId, offer);
    await world.ask(laptop, 'joinCall', { callId, media: offer, kickSiblings: true });
    expect(endOf(phone)).toEqual(['joined_elsewhere']);

    const tablet = await world.device('carol');
    const desk = await world.device('carol');
    const room = await world.enterRoom(phone);
    await world.ask(alice, 'addParticipants', { callId: room.call.id, callees: ['carol'] });
    await world.enterRoom(desk);
    await world.ask(tablet, 'acceptCall', { callId: room.call.id, media: offer, kickSiblings: true });
    expect(endOf(desk)).toEqual(['joined_elsewhere']);
  });

  it('keeps the call going though they were the only others in it', async () => {
    const { call } = await world.enterRoom(phone);
    world.calls.leaveCall(alice, call.id);
    const joined = await world.ask(laptop, 'joinRoom', { roomId: 'room', media: offer, kickSiblings: true });

    expect(joined).toMatchObject({ action: 'joined', call: { id: call.id } });
    expect(endOf(laptop)).toEqual([]);
  });

  it('goes on doing so where they waited when the process was lost', async () => {
    const again = await createCallWorld();
    await again.putRoom({ roster, lobby: true });
    const [ofPresenter, ofPhone, ofLaptop] = [new ResumeTokens(), new ResumeTokens(), new ResumeTokens()];
    const at = (id: string, turn: number) => ({ id, turn });
    await again.calls.restore({
      isRecent: true,
      calls: [
        keptCall(
          [
            { ...keptParticipant('alice', ofPresenter), ...at('presenter', 1) },
            { ...keptParticipant('bob', ofPhone), ...at('phone', 2) },
          ],
          {
            kind: 'room',
            roomId: 'room',
            waiting: [
              { ...keptParticipant('bob', ofLaptop), ...at('laptop', 3), sinceMs: 0, kickSiblings: true },
            ],
          },
        ),
      ],
    });
    const presenter = await again.device('alice');
    const resume = (device: FakeDevice, { present: resumeToken }: ResumeTokens) =>
      again.ask(device, 'resume', { callId: 'kept', resumeToken, sequence: 0 });
    await resume(presenter, ofPresenter);
    await again.ask(presenter, 'admitParticipants', { callId: 'kept', participantIds: ['laptop'] });

    expect(await resume(await again.device('bob'), ofPhone)).toEqual({
      action: 'stop',
      reason: 'joined_elsewhere',
    });
  });
});

describe('of two devices that enter in place of one another at once', () => {
  it.each([
    ['in the order they asked', [0, 1]],
    ['the other way round', [1, 0]],
  ] as const)('the one that asked later stays, their media being there %s', async (_, order) => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let asked = 0;
    world.media.delayAll(() => gates[asked++ % 2 === 0 ? 0 : 1].promise);
    const entering = [codeOf(enterAlone(phone)), codeOf(enterAlone(laptop))];
    await expect.poll(() => asked).toBe(2);
    for (const index of order) {
      gates[index].resolve();
      // oxlint-disable-next-line no-await-in-loop
      await entering[index];
    }
    const [ofPhone, ofLaptop] = await Promise.all(entering);

    expect(ofLaptop).toBeUndefined();
    expect(endOf(laptop)).toEqual([]);
    expect([ofPhone, ...endOf(phone)].filter((end) => end !== undefined)).toEqual(['joined_elsewhere']);
    expect(world.media.open).toBe(1 + 2);
  });

  it('one that only asked earlier, for itself, is not let in any more', async () => {
    const proceed = world.media.holdParticipants();
    const entering = codeOf(enter(phone));
    await expect.poll(() => world.media.waiting).toBe(1);
    const other = world.media.holdParticipants();
    const alone = codeOf(enterAlone(laptop));
    other();
    expect(await alone).toBeUndefined();
    proceed();

    expect(await entering).toBe('joined_elsewhere');
    expect(endOf(laptop)).toEqual([]);
  });
});
