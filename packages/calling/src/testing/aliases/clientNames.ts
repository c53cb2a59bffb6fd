import { expect, vi } from 'vitest';
import { CallClientFactory } from '../../client/CallClientFactory.ts';
import { CommunicationUserCredential } from '../../client/CommunicationUserCredential.ts';
import { AzureCommunicationTokenCredential, CallClient } from '../../released/index.ts';
import { utils } from '../../utils.ts';
import { browser } from '../browserOfFakes.ts';
import { createTestClient, nextTurn } from '../testClient.ts';
import type { Names } from './Names.ts';

const options = { endpoint: 'http://localhost', automatic: { rememberDevices: false } };

export const clientNames: Record<string, Names> = {
  client: {
    async seed() {
      const callClient = await CallClientFactory.create('a token', options);

      expect(callClient).toMatchObject({ connectionState: 'Connected', identity: { id: 'alice' } });
    },
    async released() {
      const callClient = new CallClient(options);
      const callAgent = await callClient.createCallAgent('a token', { displayName: 'Alice' });

      expect(callAgent).toMatchObject({ connectionState: 'Connected', displayName: 'Alice' });
      await expect(callClient.createCallAgent('a token')).rejects.toMatchObject({ code: 'invalid_state' });
      await callClient.dispose();
      expect(callAgent.connectionState).toBe('Disconnected');
    },
  },
  credential: {
    async seed() {
      const credential = new CommunicationUserCredential(async () => 'fetched', 'initial');
      await CallClientFactory.create(credential, options);

      expect(browser.server.connections.map(({ auth }) => auth.token)).toEqual(['initial']);
    },
    async released() {
      const tokenRefresher = vi.fn<() => Promise<string>>(async () => 'fetched');
      const started = { tokenRefresher, token: 'initial', refreshProactively: true };
      await new CallClient(options).createCallAgent(new AzureCommunicationTokenCredential(started));
      await new CallClient(options).createCallAgent(
        new AzureCommunicationTokenCredential({ tokenRefresher }),
      );
      await new CallClient(options).createCallAgent(new AzureCommunicationTokenCredential('a token'));

      const sent = browser.server.connections.map(({ auth }) => auth.token);
      expect(sent).toEqual(['initial', 'fetched', 'a token']);
      expect(tokenRefresher).toHaveBeenCalledTimes(1);
    },
  },
  call: {
    async seed() {
      const { client: callClient, server } = await createTestClient();
      const call = callClient.call(['bob']);
      expect(call.state).toBe('None');

      expect(await server.whenAsked('startCall')).toMatchObject({ callees: ['bob'] });
    },
    async released() {
      const { client: callAgent, server } = await createTestClient();
      const call = callAgent.startCall([{ communicationUserId: 'bob' }], { audioOptions: { muted: true } });
      expect(call).toMatchObject({ state: 'None', isMuted: true });

      expect(await server.whenAsked('startCall')).toMatchObject({ callees: ['bob'] });
    },
  },
  join: {
    async released() {
      const { client: callAgent, server } = await createTestClient();
      callAgent.join({ roomId: 'room-1' });
      callAgent.join({ groupId: 'room-2' });
      await nextTurn();

      expect(server.asked('joinRoom').map(({ roomId }) => roomId)).toEqual(['room-1', 'room-2']);
      for (const place of [
        { groupId: 'room-1', callId: 'call-1' },
        { meetingLink: 'https://meet.example' },
      ]) {
        expect(() => callAgent.join(place as never)).toThrow(TypeError);
      }
    },
  },
  number: {
    async seed() {
      const { client, server } = await createTestClient();
      client.call([utils.normalizePhoneNumber('+1 (555) 123-4567')]);

      expect(await server.whenAsked('startCall')).toMatchObject({ callees: ['+15551234567'] });
    },
    async released() {
      const { client, server } = await createTestClient();
      client.startCall([{ phoneNumber: '+15551234567' }]);

      expect(await server.whenAsked('startCall')).toMatchObject({ callees: ['+15551234567'] });
    },
  },
  'device manager': {
    async seed() {
      const callClient = await CallClientFactory.create('a token', options);

      expect(await callClient.deviceManager.getCameraList()).toHaveLength(2);
    },
    async released() {
      const callClient = new CallClient(options);
      await expect(callClient.getDeviceManager()).rejects.toMatchObject({ code: 'invalid_state' });
      const callAgent = await callClient.createCallAgent('a token');

      expect(await callClient.getDeviceManager()).toBe(callAgent.deviceManager);
    },
  },
};
