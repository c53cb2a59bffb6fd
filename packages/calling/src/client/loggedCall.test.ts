import { expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { guardLogger, type Logger } from '../logger.ts';
import { FakeClock, FakeServer, joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { CommunicationUserCredential } from './CommunicationUserCredential.ts';

const secrets = {
  token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.dG9rZW4',
  newerToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSJ9.bmV3ZXI',
  resumeToken: 'resume-token-of-secrets',
  turnName: '1790000300:turn-name',
  turnCredential: 'turn-credential',
  icePassword: 'ice-password',
  number: '+15551234567',
  ownName: 'Alice Aardvark',
  theirName: 'Bob Badger',
  chat: 'the chat that they had',
  written: 'what was written to them',
  customData: 'what the application keeps',
  payload: 'what the application sends',
  comment: 'what one thought of it',
};

/** Whatever is logged while everything of this has something secret in it. */
async function logOfCall(): Promise<unknown[][]> {
  const log: unknown[][] = [];
  const tell = (...line: unknown[]): unknown => log.push(line);
  const logger: Logger = { debug: tell, info: tell, warn: tell, error: tell };
  const [server, clock] = [new FakeServer(), new FakeClock()];
  server.displayName = secrets.ownName;
  server.tokenExpiresAtMs = 100_000;
  const iceServers = [
    { urls: ['turn:turn.example'], username: secrets.turnName, credential: secrets.turnCredential },
  ];
  server.iceServers = iceServers;
  const bob = {
    ...participant('bob'),
    identity: { userId: 'bob', displayName: secrets.theirName, kind: 'user' as const },
  };
  const place = joined('group', 'connected', [bob]);
  const message = {
    id: 'm1',
    participantId: 'bob-1',
    userId: 'bob',
    displayName: secrets.theirName,
    text: secrets.chat,
    sentAtMs: 1,
  };
  const iceParameters = { usernameFragment: 'u', password: secrets.icePassword };
  const transport = { ...place.media.sendTransport, iceParameters };
  const media = { ...place.media, sendTransport: transport, receiveTransport: transport, iceServers };
  server.on('startCall', () => ({
    ...place,
    resumeToken: secrets.resumeToken,
    media,
    call: { ...place.call, chat: [message], customData: { topic: secrets.customData } },
    unreachable: [{ userId: secrets.number, reason: 'offline' }],
  }));
  server.on('sendChat', () => ({ message: { ...message, text: secrets.written } }));
  server.on('produceData', () => ({ dataProducerId: 'd1' }));
  server.on('raiseHand', () => {
    throw new CallError('forbidden', `${secrets.theirName} at ${secrets.number} does not want that.`);
  });
  let fetched = 0;
  const credential = new CommunicationUserCredential(() => {
    fetched += 1;
    if (fetched === 1) {
      throw new Error(`401 for ${secrets.token}`);
    }

    return secrets.newerToken;
  }, secrets.token);
  const world = await createTestClient({ server, clock, credential, logger: guardLogger(logger, 'debug') });
  world.media.onOpened = (session) => {
    session.restartIce = () =>
      Promise.reject(new DOMException(`a=ice-pwd:${secrets.icePassword}`, 'InvalidAccessError'));
  };
  server.notify('incomingCall', {
    callId: 'another-call',
    kind: 'direct',
    caller: bob.identity,
    customData: { topic: secrets.customData },
  });
  const call = world.client.call([secrets.number, 'bob'], { customData: { topic: secrets.customData } });
  await nextTurn();
  await nextTurn();
  const callId = 'call-1';
  server.notify('participantJoined', { callId, participant: { ...bob, id: 'bob-2' } });
  server.notify('chatSent', { callId, message });
  server.notify('customDataChanged', { callId, customData: { topic: secrets.customData } });
  server.notifyRaw({ name: 'unheardOf', data: { text: secrets.chat }, sequence: undefined });
  await call.chat.send(secrets.written);
  await call.setCustomData({ topic: secrets.customData });
  await call.sendData(new TextEncoder().encode(secrets.payload));
  await call.raiseHand().catch(() => {});
  world.network.change();
  await nextTurn();
  server.notify('mediaReset', { callId, media });
  await nextTurn();
  // The token runs out: the first try to replace it fails, the second does not.
  for (let tries = 0; tries < 7; tries += 1) {
    clock.pass(15_000);
    await nextTurn();
  }
  server.drop();
  await nextTurn();
  clock.pass(1_000);
  await nextTurn();
  await nextTurn();
  await call.submitSurvey({ rating: 1, comment: secrets.comment });
  await call.hangUp();
  await world.client.dispose();

  return log;
}

it('nothing that is secret or was said is logged of a whole call, at debug', async () => {
  const log = await logOfCall();

  const written = JSON.stringify(log);
  for (const [name, secret] of Object.entries(secrets)) {
    expect({ name, isLogged: written.includes(secret) }).toEqual({ name, isLogged: false });
  }
  // And yet it was all there to be logged.
  const names = log.flatMap(([, details]) => {
    const { request, notification } = details as { request?: string; notification?: string };

    return request ?? notification ?? [];
  });
  expect(names).toEqual(
    expect.arrayContaining([
      'welcomed',
      'incomingCall',
      'startCall',
      'chatSent',
      'customDataChanged',
      'sendChat',
      'produceData',
      'setCustomData',
      'raiseHand',
      'restartIce',
      'mediaReset',
      'refreshToken',
      'resume',
      'submitSurvey',
      'leaveCall',
    ]),
  );
  expect(written).toContain('InvalidAccessError');
});
