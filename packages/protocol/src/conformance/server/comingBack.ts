import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { ConformingClient } from './ConformingClient.ts';
import { enter, meet, type Pair } from './people.ts';
import type { ServerDriver } from './ServerDriver.ts';

/** Bob's connection breaks, and Alice has seen it. */
async function lose({ alice, bob, callId }: Pair): Promise<void> {
  await bob.client.cut();
  const lost = { callId, participantId: bob.joined.participantId, state: 'reconnecting' };
  expectSame(await alice.client.next('participantStateChanged'), lost, 'What the others see of a loss');
}

/** Bob connects anew, and asks for his place. */
async function comeBack(driver: ServerDriver, { bob, callId }: Pair, resumeToken = bob.joined.resumeToken) {
  const client = await ConformingClient.connect(driver, bob.userId);
  const answer = await client.resume(callId, resumeToken, bob.client.sequenceOf(callId));

  return { client, answer };
}

export const comingBack: readonly ConformanceCase<ServerDriver>[] = [
  {
    title:
      'A lost connection is no leave: its participant is reconnecting, comes back and hears of what was missed.',
    async run(driver) {
      const pair = await meet(driver);
      const { alice, bob, callId } = pair;
      await lose(pair);
      const { message } = await alice.client.request('sendChat', { callId, text: 'Are you there?' });
      const { client, answer } = await comeBack(driver, pair);
      expectThat(answer.action === 'resume', 'Place and media are there');
      const chat = answer.missed.find(({ name }) => name === 'chatSent');
      expectSame(chat?.data, { callId, message }, 'What was missed');
      expectSame(
        answer.missed.map(({ sequence }) => sequence),
        answer.missed.map((_, index) => bob.client.sequenceOf(callId) + index + 1),
        'The numbers go on where they stopped',
      );
      const back = { callId, participantId: bob.joined.participantId, state: 'connected' };
      expectSame(await alice.client.next('participantStateChanged'), back, 'What the others see');
      await client.request('raiseHand', { callId });
      expectSame((await client.next('handRaised')).participantId, bob.joined.participantId, 'The same place');
      await alice.client.next('handRaised');
      for (const name of ['participantLeft', 'participantJoined'] as const) {
        expectThat(!alice.client.unread.includes(name), `Nobody is told ${name}`);
      }
    },
  },
  {
    title: 'A connection that is not known to be lost is taken over, and nobody sees anything.',
    async run(driver) {
      const pair = await meet(driver);
      const { client, answer } = await comeBack(driver, pair);
      expectSame(answer.action, 'resume', 'The answer');
      await client.request('raiseHand', { callId: pair.callId });
      await pair.alice.client.next('handRaised');
      expectSame(pair.alice.client.unread, [], 'What the others were told before');
    },
  },
  {
    title: 'The token of before is good until the newer one was used, and not after.',
    async run(driver) {
      const pair = await meet(driver);
      const first = pair.bob.joined.resumeToken;
      await comeBack(driver, pair, first);
      const { answer } = await comeBack(driver, pair, first);
      expectThat(answer.action === 'resume', 'The answer with the newer token may have been lost');
      const { answer: used } = await comeBack(driver, pair, answer.resumeToken);
      expectSame(used.action, 'resume', 'The answer to the newer token');
      const { answer: stale } = await comeBack(driver, pair, first);
      expectSame(stale, { action: 'stop', reason: 'connection_lost' }, 'The answer to the first token');
    },
  },
  {
    title: 'A token is of no use to anybody else, nor for another call.',
    async run(driver) {
      const { bob, callId } = await meet(driver);
      const stranger = await ConformingClient.connect(driver, await driver.user('mallory'));
      const stopped = { action: 'stop', reason: 'connection_lost' };
      expectSame(await stranger.resume(callId, bob.joined.resumeToken, 0), stopped, 'The answer to another');
      const own = await ConformingClient.connect(driver, bob.userId);
      expectSame(await own.resume('another', bob.joined.resumeToken, 0), stopped, 'The answer elsewhere');
    },
  },
  {
    title: 'Who was removed while away is told so on coming back.',
    async run(driver) {
      const pair = await meet(driver);
      await lose(pair);
      const { callId, alice, bob } = pair;
      await alice.client.request('removeParticipant', { callId, participantId: bob.joined.participantId });
      const { answer } = await comeBack(driver, pair);
      expectSame(answer, { action: 'stop', reason: 'removed' }, 'The answer');
    },
  },
  {
    title: 'Who has missed more than is kept is given everything anew.',
    async run(driver) {
      const pair = await meet(driver);
      const { roomId, callId, alice } = pair;
      const carol = await enter(driver, await driver.user('carol'), roomId);
      await lose(pair);
      // Of two, since each has a limit of rate.
      for (let count = 0; count < 70; count += 1) {
        for (const { client } of [alice, carol]) {
          await client.request('raiseHand', { callId });
          await client.request('lowerHand', { callId });
        }
      }
      const { answer } = await comeBack(driver, pair);
      expectThat(answer.action === 'resume', 'Place and media are there');
      expectSame([answer.missed, answer.snapshot?.call.id], [[], callId], 'A snapshot, and nothing else');
      const { sendTransport, receiveTransport } = pair.bob.joined.media;
      expectSame(
        [answer.snapshot?.media?.sendTransport.id, answer.snapshot?.media?.receiveTransport.id],
        [sendTransport.id, receiveTransport.id],
        'The media that is there',
      );
    },
  },
  {
    title: 'A snapshot says the number that it includes.',
    async run(driver) {
      const { alice, bob, callId } = await meet(driver);
      await bob.client.request('raiseHand', { callId });
      await alice.client.next('handRaised');
      const { sequence, call } = await alice.client.request('getSnapshot', { callId });
      expectSame(sequence, alice.client.sequenceOf(callId), 'The number');
      const hands = call.participants.filter(({ handRaisedAtMs }) => handRaisedAtMs !== undefined);
      expectSame(
        hands.map(({ id }) => id),
        [bob.joined.participantId],
        'Whose hand is up',
      );
    },
  },
  {
    title: 'A snapshot has the media of who asks for it, and what is asked for and never comes is named.',
    async run(driver) {
      const { alice, callId } = await meet(driver);
      const { media } = await alice.client.request('getSnapshot', { callId });
      const { receiveTransport, consumers } = alice.joined.media;
      expectSame(media?.receiveTransport.id, receiveTransport.id, 'The transport');
      expectSame([media?.consumers, media?.encodingsWanted], [consumers, []], 'What there is');
      const answer = await alice.client.request('consume', { callId, producerIds: ['nobodys'] });
      expectSame(answer, { consumers: [], unavailable: ['nobodys'] }, 'The answer to consume');
    },
  },
  {
    title: 'A restart of ICE gives both transports new credentials.',
    async run(driver) {
      const { alice, callId } = await meet(driver);
      const { ice } = await alice.client.request('restartIce', { callId });
      const { sendTransport, receiveTransport } = alice.joined.media;
      const old = [sendTransport, receiveTransport].map(({ iceParameters }) => iceParameters.password);
      const fresh = [ice.sendIceParameters, ice.receiveIceParameters].map(({ password }) => password);
      expectThat(
        fresh.every((password) => !old.includes(password)),
        'The credentials are new',
      );
    },
  },
  {
    title: 'A request that comes again under one id is carried out once and answered the same.',
    async run(driver) {
      const { alice, bob, callId } = await meet(driver);
      const say = () => bob.client.request('sendChat', { callId, text: 'Once' }, 'once-1');
      const [first, second] = [await say(), await say()];
      expectSame(second, first, 'The answers');
      await bob.client.request('sendChat', { callId, text: 'Twice' }, 'once-2');
      const heard = [await alice.client.next('chatSent'), await alice.client.next('chatSent')];
      expectSame(
        heard.map(({ message }) => message.text),
        ['Once', 'Twice'],
        'What the others hear',
      );
    },
  },
  {
    title: 'A request to enter that comes again after its connection was lost answers with the same place.',
    async run(driver) {
      const alices = await driver.user('alice');
      const roomId = await driver.createRoom({ hasLobby: false, roster: { [alices]: 'presenter' } });
      const clientId = `client-of-${alices.replaceAll(/\W/g, '-')}`;
      const first = await ConformingClient.connect(driver, alices, { clientId });
      const joined = await first.enter('joinRoom', { roomId }, 'enter-1');
      await first.cut();
      const second = await ConformingClient.connect(driver, alices, { clientId });
      const again = await second.enter('joinRoom', { roomId }, 'enter-1');
      expectSame([again.participantId, again.call.id], [joined.participantId, joined.call.id], 'The place');
      const answer = await second.resume(again.call.id, again.resumeToken, again.sequence);
      expectSame(answer.action, 'resume', 'The way back');
      const { call } = await second.request('getSnapshot', { callId: again.call.id });
      expectSame(
        call.participants.map(({ id }) => id),
        [joined.participantId],
        'Who is in the call',
      );
    },
  },
];
