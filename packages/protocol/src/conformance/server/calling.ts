import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { ConformingClient } from './ConformingClient.ts';
import { enter, meet } from './people.ts';
import type { ServerDriver } from './ServerDriver.ts';

interface Rung {
  readonly caller: ConformingClient;
  readonly laptop: ConformingClient;
  readonly phone: ConformingClient;
  readonly callId: string;
}

/** Somebody rings a user who is connected on two devices. */
async function ring(driver: ServerDriver): Promise<Rung> {
  const [alice, bob] = [await driver.user('alice'), await driver.user('bob')];
  const laptop = await ConformingClient.connect(driver, bob);
  const phone = await ConformingClient.connect(driver, bob);
  const caller = await ConformingClient.connect(driver, alice);
  const { call, participantId } = await caller.enter('startCall', { callees: [bob] });
  for (const device of [laptop, phone]) {
    const incoming = await device.next('incomingCall');
    expectSame([incoming.callId, incoming.caller.userId], [call.id, alice], 'Each device rings');
  }
  expectSame([call.kind, call.state], ['direct', 'ringing'], 'The call as its caller is answered');
  expectSame(
    call.participants.map(({ id, state }) => [id === participantId, state]),
    [
      [true, 'connected'],
      [false, 'ringing'],
    ],
    'The participants, the caller among them',
  );

  return { caller, laptop, phone, callId: call.id };
}

export const calling: readonly ConformanceCase<ServerDriver>[] = [
  {
    title:
      'The first device to accept has the call; the other is told answered_elsewhere, and that it is too late.',
    async run(driver) {
      const { caller, laptop, phone, callId } = await ring(driver);
      const { participantId } = await laptop.enter('acceptCall', { callId });
      const ended = await phone.next('incomingCallEnded');
      expectSame(ended, { callId, reason: 'answered_elsewhere' }, 'What the other device is told');
      const late = { name: 'acceptCall', data: { callId, media: driver.offer() } };
      expectSame(await phone.refusal(late), 'answered_elsewhere', 'The answer to the second');
      const { participant } = await caller.next('participantJoined');
      expectSame([participant.id, participant.state], [participantId, 'connected'], 'Who came');
      expectSame(await caller.next('callStateChanged'), { callId, state: 'connected' }, 'The call');
    },
  },
  {
    title: 'Declining ends the call for the caller, and the ringing on all devices.',
    async run(driver) {
      const { caller, laptop, phone, callId } = await ring(driver);
      await laptop.request('rejectCall', { callId });
      expectSame(await caller.next('callEnded'), { callId, reason: 'declined' }, 'What the caller is told');
      const ended = await phone.next('incomingCallEnded');
      expectSame(ended, { callId, reason: 'declined' }, 'What the other device is told');
    },
  },
  {
    title: 'A caller who leaves before an answer rings nobody any more.',
    async run(driver) {
      const { caller, laptop, phone, callId } = await ring(driver);
      await caller.request('leaveCall', { callId });
      for (const device of [laptop, phone]) {
        const ended = await device.next('incomingCallEnded');
        expectSame(ended, { callId, reason: 'canceled' }, 'What the device is told');
      }
      const late = { name: 'acceptCall', data: { callId, media: driver.offer() } };
      expectSame(await laptop.refusal(late), 'call_not_found', 'The answer to who accepts then');
    },
  },
  {
    title: 'A direct call is over for both when one has left, with one reason.',
    async run(driver) {
      const { caller, laptop, callId } = await ring(driver);
      await laptop.enter('acceptCall', { callId });
      await laptop.request('leaveCall', { callId });
      expectSame(await caller.next('callEnded'), { callId, reason: 'hangup' }, 'What the other is told');
    },
  },
  {
    title:
      'Who is rung into a direct call makes a group call of it, and rings no more when that is taken back.',
    async run(driver) {
      const { caller, laptop, callId } = await ring(driver);
      await laptop.enter('acceptCall', { callId });
      const carols = await driver.user('carol');
      const carol = await ConformingClient.connect(driver, carols);
      const { added, unreachable } = await caller.request('addParticipants', { callId, callees: [carols] });
      expectSame([added.map(({ userId }) => userId), unreachable], [[carols], []], 'Who rings');
      expectSame((await carol.next('incomingCall')).callId, callId, 'What rings');
      for (const client of [caller, laptop]) {
        expectSame(await client.next('callKindChanged'), { callId, kind: 'group' }, 'What the call is now');
      }
      const participantId = added[0]?.participantId ?? '';
      await caller.request('cancelRinging', { callId, participantId });
      const ended = await carol.next('incomingCallEnded');
      expectSame(ended, { callId, reason: 'canceled' }, 'What the callee is told');
      const left = await laptop.next('participantLeft');
      expectSame(left, { callId, participantId, reason: 'canceled' }, 'What the others are told');
      const again = await caller.refusal({ name: 'cancelRinging', data: { callId, participantId } });
      expectSame(again, 'not_found', 'The answer to who cancels twice');
      // Whom a group call has rung may come of their own accord.
      const joined = await carol.enter('joinCall', { callId });
      expectSame(joined.call.kind, 'group', 'What is joined');
    },
  },
  {
    title:
      "Somebody who is not connected cannot be rung, nobody is not found, and nobody's number is not supported.",
    async run(driver) {
      const caller = await ConformingClient.connect(driver, await driver.user('alice'));
      const start = (callee: string) =>
        caller.refusal({ name: 'startCall', data: { callees: [callee], media: driver.offer() } });
      expectSame(await start(await driver.user('bob')), 'callee_offline', 'The code');
      expectSame(await start('nobody-of-that-name'), 'callee_not_found', 'The code');
      expectSame(await start('+15550000000'), 'not_supported', 'The code');
    },
  },
  {
    title: 'In a room everyone hears of who comes and goes, and newcomers see who is there.',
    async run(driver) {
      const { roomId, callId, alice, bob } = await meet(driver);
      const carol = await enter(driver, await driver.user('carol'), roomId);
      expectSame(carol.joined.call.id, callId, 'The call of the room');
      expectSame(
        carol.joined.call.participants.map(({ id }) => id).toSorted(),
        [alice, bob, carol].map(({ joined }) => joined.participantId).toSorted(),
        'Everyone is in the snapshot, the receiver included',
      );
      for (const { client } of [alice, bob]) {
        const { participant } = await client.next('participantJoined');
        expectSame(participant.id, carol.joined.participantId, 'Who came');
      }
      await carol.client.request('leaveCall', { callId });
      for (const { client } of [alice, bob]) {
        const left = { callId, participantId: carol.joined.participantId, reason: 'hangup' };
        expectSame(await client.next('participantLeft'), left, 'Who left');
      }
    },
  },
  {
    title: 'Who enters in place of their other devices is there alone, and those are told joined_elsewhere.',
    async run(driver) {
      const { roomId, callId, alice, bob } = await meet(driver);
      const laptop = await ConformingClient.connect(driver, bob.userId);
      const joined = await laptop.enter('joinRoom', { roomId, kickSiblings: true });
      const reason = 'joined_elsewhere';
      expectSame(
        joined.call.participants.map(({ id }) => id).toSorted(),
        [alice.joined.participantId, joined.participantId].toSorted(),
        'Who is in the call',
      );
      expectSame(await bob.client.next('callEnded'), { callId, reason }, 'What the other device is told');
      const left = { callId, participantId: bob.joined.participantId, reason };
      expectSame(await alice.client.next('participantLeft'), left, 'What the others are told');
    },
  },
  {
    title: 'A call one is not in answers as if there were none.',
    async run(driver) {
      const { callId } = await meet(driver);
      const stranger = await ConformingClient.connect(driver, await driver.user('mallory'));
      for (const name of ['getSnapshot', 'restartIce', 'leaveCall', 'endCall', 'raiseHand'] as const) {
        for (const id of [callId, 'no-such-call']) {
          const code = await stranger.refusal({ name, data: { callId: id } });
          expectSame(code, 'call_not_found', `The answer to ${name}`);
        }
      }
    },
  },
  {
    title: 'Who waits in the lobby is in the call once admitted, and out when denied.',
    async run(driver) {
      const alices = await driver.user('alice');
      const roomId = await driver.createRoom({ hasLobby: true, roster: { [alices]: 'presenter' } });
      const alice = await enter(driver, alices, roomId);
      const callId = alice.joined.call.id;
      const wait = async (name: string) => {
        const client = await ConformingClient.connect(driver, await driver.user(name));
        const answer = await client.request('joinRoom', { roomId, media: driver.offer() });
        expectThat(answer.action === 'lobby', 'A room with a lobby has people wait');
        const { lobby } = await alice.client.next('lobbyChanged');
        expectSame(
          lobby.map(({ participantId }) => participantId),
          [answer.participantId],
          'Who waits',
        );

        return { client, participantId: answer.participantId };
      };
      const bob = await wait('bob');
      expectSame(
        await bob.client.refusal({ name: 'getSnapshot', data: { callId } }),
        'call_not_found',
        'Who waits is not in the call',
      );
      await alice.client.request('admitParticipants', { callId, participantIds: [bob.participantId] });
      const { joined } = await bob.client.next('admitted');
      expectSame(joined.participantId, bob.participantId, 'Who waited comes in');
      expectSame((await alice.client.next('lobbyChanged')).lobby, [], 'Nobody waits any more');
      const carol = await wait('carol');
      await alice.client.request('denyParticipants', { callId, participantIds: [carol.participantId] });
      expectSame(await carol.client.next('callEnded'), { callId, reason: 'lobby_denied' }, 'Who was denied');
    },
  },
];
