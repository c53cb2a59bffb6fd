import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { ConformingClient } from './ConformingClient.ts';
import { meet, type Pair } from './people.ts';
import type { ServerDriver } from './ServerDriver.ts';

/** Alice sends her microphone, and Bob has been given a consumer of it. */
async function speak(
  driver: ServerDriver,
  { callId, alice, bob }: Pair,
): Promise<{ producerId: string; consumerIds: string[] }> {
  const { producerId } = await alice.client.request('produce', {
    callId,
    transportId: alice.joined.media.sendTransport.id,
    source: 'microphone',
    rtpParameters: driver.microphone(),
    paused: false,
  });
  const { consumers } = await bob.client.next('consumersAdded');

  return { producerId, consumerIds: consumers.map(({ id }) => id) };
}

export const streaming: readonly ConformanceCase<ServerDriver>[] = [
  {
    title: 'What is received is paused, shown in another size and given up without anybody else being told.',
    async run(driver) {
      const pair = await meet(driver);
      const { callId, alice, bob } = pair;
      const { consumerIds } = await speak(driver, pair);
      const [consumerId = ''] = consumerIds;
      await bob.client.request('resumeConsumers', { callId, consumerIds });
      await bob.client.request('pauseConsumers', { callId, consumerIds });
      await bob.client.request('setViewports', {
        callId,
        viewports: [{ consumerId, width: 320, height: 180 }],
      });
      for (const maxBitrate of [500_000, null]) {
        await bob.client.request('setMaxReceiveBitrate', { callId, maxBitrate });
      }
      await bob.client.request('closeConsumers', { callId, consumerIds });
      const { media } = await bob.client.request('getSnapshot', { callId });
      expectSame(media?.consumers, [], 'What is received after it was given up');
      // They may be gone: they crossed with a notification.
      for (const name of ['resumeConsumers', 'pauseConsumers', 'closeConsumers'] as const) {
        expectSame(await bob.client.request(name, { callId, consumerIds }), {}, `${name} of what is gone`);
      }
      await alice.client.request('raiseHand', { callId });
      await alice.client.next('handRaised');
      expectSame(alice.client.unread, [], 'What the sender was told');
    },
  },
  {
    title: 'Who is muted by another is told, as everybody is, and may unmute themselves.',
    async run(driver) {
      const pair = await meet(driver);
      const { callId, alice, bob } = pair;
      const { producerId } = await bob.client.request('produce', {
        callId,
        transportId: bob.joined.media.sendTransport.id,
        source: 'microphone',
        rtpParameters: driver.microphone(),
        paused: false,
      });
      const of = { callId, participantId: bob.joined.participantId, producerId };
      const mute = { callId, participantIds: [bob.joined.participantId] };
      expectSame(
        await bob.client.refusal({ name: 'muteParticipants', data: { callId } }),
        'forbidden',
        'The answer to a collaborator',
      );
      await alice.client.request('muteParticipants', mute);
      for (const { client } of [alice, bob]) {
        expectSame(await client.next('producerPaused'), of, 'What they are told');
      }
      await bob.client.request('resumeProducer', { callId, producerId });
      expectSame(await alice.client.next('producerResumed'), of, 'The end of it');
    },
  },
  {
    title: 'A data channel is opened once, by those whose role may send data.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      const produceData = (person: typeof alice) => ({
        callId,
        transportId: person.joined.media.sendTransport.id,
        channel: 'ordered' as const,
        sctpStreamParameters: { streamId: 1, ordered: true },
      });
      const { dataProducerId } = await alice.client.request('produceData', produceData(alice));
      expectThat(dataProducerId !== '', 'The data producer has an id');
      const again = await alice.client.refusal({ name: 'produceData', data: produceData(alice) });
      expectSame(again, 'invalid_state', 'The answer to a second one');
      const { participantId } = bob.joined;
      await alice.client.request('changeRole', { callId, participantId, role: 'consumer' });
      const looking = await bob.client.refusal({ name: 'produceData', data: produceData(bob) });
      expectSame(looking, 'forbidden', 'The answer to who may only look on');
    },
  },
  {
    title: 'Media that is lost is given anew to those who are there, and what they sent has the id it had.',
    async run(driver) {
      const pair = await meet(driver);
      const { callId, alice, bob } = pair;
      const { producerId } = await speak(driver, pair);
      driver.loseMedia();
      const { media } = await alice.client.next('mediaReset');
      await bob.client.next('mediaReset');
      const { sendTransport, receiveTransport } = alice.joined.media;
      expectThat(media.sendTransport.id !== sendTransport.id, 'The send transport is another');
      expectThat(media.receiveTransport.id !== receiveTransport.id, 'The receive transport is another');
      const again = { source: 'microphone', rtpParameters: driver.microphone(), paused: false } as const;
      const stale = { callId, transportId: sendTransport.id, ...again };
      expectSame(
        await alice.client.refusal({ name: 'produce', data: stale }),
        'invalid_state',
        'The answer to who produces for the old transport',
      );
      const transportId = media.sendTransport.id;
      const produced = await alice.client.request('produce', { callId, transportId, ...again });
      expectSame(produced, { producerId }, 'The id of what is produced again');
      for (const { client } of [alice, bob]) {
        for (const name of ['participantLeft', 'participantStateChanged', 'producerRemoved'] as const) {
          expectThat(!client.unread.includes(name), `Nobody is told ${name}`);
        }
      }
    },
  },
  {
    title: 'Who comes back to media that is lost is told to build it anew, in the place they had.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      await bob.client.cut();
      await alice.client.next('participantStateChanged');
      driver.loseMedia();
      await alice.client.next('mediaReset');
      const client = await ConformingClient.connect(driver, bob.userId);
      const { resumeToken, participantId, media } = bob.joined;
      const answer = await client.resume(callId, resumeToken, bob.client.sequenceOf(callId));
      expectThat(answer.action === 'rejoin', 'The place is there, and its media is not');
      expectThat(answer.media.sendTransport.id !== media.sendTransport.id, 'The transport is another');
      await client.request('raiseHand', { callId });
      expectSame((await client.next('handRaised')).participantId, participantId, 'The same place');
    },
  },
  {
    title: 'Transports are handed over with ICE servers to reach them by, whenever that is.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      const { media: present } = await alice.client.request('getSnapshot', { callId });
      await bob.client.cut();
      await alice.client.next('participantStateChanged');
      driver.loseMedia();
      const { media: reset } = await alice.client.next('mediaReset');
      const client = await ConformingClient.connect(driver, bob.userId);
      const answer = await client.resume(callId, bob.joined.resumeToken, bob.client.sequenceOf(callId));
      expectThat(answer.action === 'rejoin', 'The place is there, and its media is not');
      const handedOver = { joined: alice.joined.media, getSnapshot: present, mediaReset: reset };
      for (const [name, media] of Object.entries({ ...handedOver, rejoin: answer.media })) {
        expectThat(media?.iceServers !== undefined, `With the transports of ${name} come ICE servers`);
      }
    },
  },
  {
    title: 'A survey is taken of one’s own part, during the call and after it, and of nobody else’s.',
    async run(driver) {
      const { callId, alice, bob } = await meet(driver);
      const survey = { rating: 4, issues: [] };
      const own = { callId, participantId: bob.joined.participantId, survey };
      expectSame(await bob.client.request('submitSurvey', own), {}, 'The answer during the call');
      expectSame(
        await alice.client.refusal({ name: 'submitSurvey', data: own }),
        'call_not_found',
        'The answer to another',
      );
      await bob.client.request('leaveCall', { callId });
      expectSame(await bob.client.request('submitSurvey', own), {}, 'The answer after the call');
    },
  },
  {
    title: 'A newer token of the same user is taken, and one of somebody else is not.',
    async run(driver) {
      const [alices, bobs] = [await driver.user('alice'), await driver.user('bob')];
      const client = await ConformingClient.connect(driver, alices);
      const { tokenExpiresAtMs } = await client.request('refreshToken', {
        token: await driver.token(alices),
      });
      expectThat(tokenExpiresAtMs > Date.now(), 'The newer token is good for a while');
      const stolen = { name: 'refreshToken', data: { token: await driver.token(bobs) } };
      expectSame(await client.refusal(stolen), 'forbidden', 'The answer to another’s');
    },
  },
];
