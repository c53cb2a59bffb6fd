import { isCompatibleVersion, protocolVersion } from '../../version.ts';
import { connectErrorSchema, maxRequestBytes } from '../../signaling/socket.ts';
import { notificationEnvelopeSchema } from '../../signaling/socket.ts';
import { notificationTable } from '../../signaling/notifications.ts';
import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { ConformingClient } from './ConformingClient.ts';
import type { ServerDriver } from './ServerDriver.ts';

async function refusalOf(connecting: Promise<unknown>): Promise<string> {
  try {
    await connecting;
  } catch (error) {
    const parsed = connectErrorSchema.safeParse((error as { data?: unknown }).data);
    expectThat(parsed.success, 'A refused connection is told a code');

    return parsed.data.code;
  }
  throw new Error('The connection is refused.');
}

export const connecting: readonly ConformanceCase<ServerDriver>[] = [
  {
    title: 'A connection is welcomed by the name its token has, in a version it understands.',
    async run(driver) {
      const userId = await driver.user('alice');
      const connection = await driver.connect(userId);
      const { name, data } = notificationEnvelopeSchema.parse(await connection.next());
      expectSame(name, 'welcomed', 'The first notification');
      const welcomed = notificationTable.welcomed.parse(data);
      expectSame(welcomed.identity.userId, userId, 'The identity of the token');
      expectThat(isCompatibleVersion(welcomed.protocolVersion), 'The server speaks this major version');
    },
  },
  {
    title: 'A connection of another major version is refused with protocol_mismatch.',
    async run(driver) {
      const userId = await driver.user('alice');
      const auth = { token: 'any', protocolVersion: '1.9', clientId: 'c1' };
      expectSame(await refusalOf(driver.connect(userId, { auth })), 'protocol_mismatch', 'The code');
    },
  },
  {
    title: 'A connection without a clientId, or without anything, is refused with invalid_request.',
    async run(driver) {
      const userId = await driver.user('alice');
      for (const auth of [{ token: 'any', protocolVersion }, {}, { token: 7 }]) {
        expectSame(await refusalOf(driver.connect(userId, { auth })), 'invalid_request', 'The code');
      }
    },
  },
  {
    title: 'A token of nobody is refused with unauthenticated.',
    async run(driver) {
      const userId = await driver.user('alice');
      const auth = { token: 'e30.e30.c2ln', protocolVersion, clientId: 'c1' };
      expectSame(await refusalOf(driver.connect(userId, { auth })), 'unauthenticated', 'The code');
    },
  },
  {
    title: 'What is no request is answered invalid_request, and the connection goes on.',
    async run(driver) {
      const client = await ConformingClient.connect(driver, await driver.user('alice'));
      const callId = 'c1';
      for (const envelope of [
        null,
        7,
        'leaveCall',
        [],
        {},
        { data: {} },
        { name: 'destroyEverything', data: {} },
        { name: '__proto__', data: {} },
        { name: 'leaveCall' },
        { name: 'leaveCall', data: { callId: 7 } },
        { name: 'leaveCall', data: { callId }, requestId: '' },
      ]) {
        expectSame(
          await client.refusal(envelope),
          'invalid_request',
          `The code of ${JSON.stringify(envelope)}`,
        );
      }
      expectSame(await client.refusal({ name: 'leaveCall', data: { callId } }), 'call_not_found', 'The code');
    },
  },
  {
    title: 'A request that is too large is answered payload_too_large.',
    async run(driver) {
      const client = await ConformingClient.connect(driver, await driver.user('alice'));
      const envelope = { name: 'leaveCall', data: { callId: 'x'.repeat(maxRequestBytes) } };
      expectSame(await client.refusal(envelope), 'payload_too_large', 'The code');
    },
  },
  {
    title: 'Fields that are not known are ignored.',
    async run(driver) {
      const client = await ConformingClient.connect(driver, await driver.user('alice'));
      const envelope = { name: 'leaveCall', data: { callId: 'c1', hint: 'new' }, priority: 3 };
      expectSame(await client.refusal(envelope), 'call_not_found', 'The code');
    },
  },
];
