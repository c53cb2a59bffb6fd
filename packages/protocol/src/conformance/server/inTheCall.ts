import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { enter, meet } from './people.ts';
import type { ServerDriver } from './ServerDriver.ts';

export const inTheCall: readonly ConformanceCase<ServerDriver>[] = [
  {
    title: 'What is sent is told to the others, who receive sound unasked, and is sent once a source.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      const produce = {
        callId,
        transportId: alice.joined.media.sendTransport.id,
        source: 'microphone',
        rtpParameters: driver.microphone(),
        paused: false,
      } as const;
      const { producerId } = await alice.client.request('produce', produce);
      const of = { callId, participantId: alice.joined.participantId };
      const producer = { id: producerId, source: 'microphone', paused: false };
      expectSame(await bob.client.next('producerAdded'), { ...of, producer }, 'What the others are told');
      const { consumers } = await bob.client.next('consumersAdded');
      expectSame(
        consumers.map((consumer) => consumer.producerId),
        [producerId],
        'What the others receive',
      );
      await bob.client.request('resumeConsumers', { callId, consumerIds: consumers.map(({ id }) => id) });
      const again = await alice.client.refusal({ name: 'produce', data: produce });
      expectSame(again, 'invalid_state', 'The answer to a second microphone');
      await alice.client.request('pauseProducer', { callId, producerId });
      expectSame(await bob.client.next('producerPaused'), { ...of, producerId }, 'A mute');
      await alice.client.request('resumeProducer', { callId, producerId });
      expectSame(await bob.client.next('producerResumed'), { ...of, producerId }, 'An end of mute');
      const stolen = await bob.client.refusal({ name: 'closeProducer', data: { callId, producerId } });
      expectSame(stolen, 'not_found', 'The answer to who closes what is another’s');
      await alice.client.request('closeProducer', { callId, producerId });
      expectSame(await bob.client.next('producerRemoved'), { ...of, producerId }, 'The end');
    },
  },
  {
    title: 'What people do is told to everyone, who did it included, in one order.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      await bob.client.request('raiseHand', { callId });
      const { message } = await alice.client.request('sendChat', { callId, text: 'Hello' });
      await bob.client.request('sendReaction', { callId, reaction: '👏' });
      await alice.client.request('setCustomData', { callId, items: { topic: 'Budget' } });
      const participantIds = [bob.joined.participantId];
      await alice.client.request('setSpotlight', { callId, participantIds });
      for (const { client } of [alice, bob]) {
        const raised = await client.next('handRaised');
        expectSame(raised.participantId, bob.joined.participantId, 'Whose hand is up');
        expectSame((await client.next('chatSent')).message, message, 'The message');
        expectSame((await client.next('reactionSent')).reaction, '👏', 'The reaction');
        expectSame((await client.next('customDataChanged')).customData, { topic: 'Budget' }, 'The items');
        expectSame((await client.next('spotlightChanged')).participantIds, participantIds, 'The spotlight');
        expectSame(client.unread, [], 'There is nothing else to be told');
      }
      const carol = await enter(driver, await driver.user('carol'), alice.joined.call.roomId ?? '');
      const { chat, customData, spotlight, participants } = carol.joined.call;
      expectSame(
        [chat, customData, spotlight],
        [[message], { topic: 'Budget' }, participantIds],
        'What a newcomer sees of it',
      );
      const hands = participants.filter(({ handRaisedAtMs }) => handRaisedAtMs !== undefined);
      expectSame(
        hands.map(({ id }) => id),
        participantIds,
        'Whose hand a newcomer sees',
      );
    },
  },
  {
    title: 'What a role may not do is forbidden, and a changed role is told and counts at once.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      const { participantId } = bob.joined;
      expectSame(await bob.client.refusal({ name: 'endCall', data: { callId } }), 'forbidden', 'The code');
      await alice.client.request('changeRole', { callId, participantId, role: 'consumer' });
      const changed = { callId, participantId, role: 'consumer' };
      expectSame(await bob.client.next('roleChanged'), changed, 'What the participant is told');
      expectSame(await alice.client.next('roleChanged'), changed, 'What the others are told');
      const produce = {
        callId,
        transportId: bob.joined.media.sendTransport.id,
        source: 'microphone',
        rtpParameters: driver.microphone(),
        paused: false,
      };
      expectSame(await bob.client.refusal({ name: 'produce', data: produce }), 'forbidden', 'The code');
    },
  },
  {
    title: 'On hold is seen by the others, and nobody leaves.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      const of = { callId, participantId: bob.joined.participantId };
      await bob.client.request('holdCall', { callId });
      expectSame(await alice.client.next('holdChanged'), { ...of, isOnHold: true }, 'What is told');
      await bob.client.request('unholdCall', { callId });
      expectSame(await alice.client.next('holdChanged'), { ...of, isOnHold: false }, 'What is told');
      expectThat(!alice.client.unread.includes('participantLeft'), 'Nobody leaves');
    },
  },
  {
    title: 'Who was removed is told so, and is let in no more.',
    async run(driver) {
      const { roomId, callId, alice, bob } = await meet(driver);
      const { participantId } = bob.joined;
      await alice.client.request('removeParticipant', { callId, participantId });
      expectSame(await bob.client.next('callEnded'), { callId, reason: 'removed' }, 'What they are told');
      const left = await alice.client.next('participantLeft');
      expectSame(left, { callId, participantId, reason: 'removed' }, 'What the others are told');
      const join = { name: 'joinRoom', data: { roomId, media: driver.offer() } };
      expectSame(await bob.client.refusal(join), 'removed_from_call', 'The answer to who comes again');
    },
  },
  {
    title: 'A call that is ended for everyone is over for everyone.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      await alice.client.request('endCall', { callId });
      for (const { client } of [alice, bob]) {
        const ended = await client.next('callEnded');
        expectSame(ended, { callId, reason: 'ended_for_everyone' }, 'What they are told');
      }
      const asked = await bob.client.refusal({ name: 'getSnapshot', data: { callId } });
      expectSame(asked, 'call_not_found', 'The answer to who asks afterwards');
    },
  },
];
