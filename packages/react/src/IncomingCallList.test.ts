import { expect, it } from 'vitest';
import { createTestClient } from '../../calling/src/testing/testClient.ts';
import { ring } from '../test/support/fakeCall.ts';
import { listenersOf, type Listeners } from '../test/support/listenersOf.ts';
import { IncomingCallList } from './IncomingCallList.ts';

it('a list that is disposed is empty, and listens neither to the client nor to those who ring', async () => {
  const { client, server } = await createTestClient();
  const ofCalls: Listeners[] = [];
  client.on('incomingCall', (incomingCall) => ofCalls.push(listenersOf(incomingCall)));
  const ofClient = listenersOf(client);
  const list = new IncomingCallList(client);
  ring(server);
  ring(server, 'carol', 'call-2');
  await list.calls[0]?.reject();
  expect(ofCalls.map(({ count }) => count)).toEqual([0, 1]);

  list.dispose();

  expect(list.calls).toEqual([]);
  expect([...ofCalls, ofClient].map(({ count }) => count)).toEqual([0, 0, 0]);
});
