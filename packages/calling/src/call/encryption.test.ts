import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { consumerOf } from '../testing/FakeServer.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { CallEncryption, CallOptions } from './callOptionTypes.ts';
import type { IncomingCall } from './incomingCallTypes.ts';

function encryptionThat(begin: CallEncryption['begin']): CallEncryption {
  return { configuration: {}, encrypt: () => () => () => {}, decrypt: () => () => {}, begin };
}

describe('a call with encryption', () => {
  it.each([[null], [true], [{}], [Promise.resolve()]])(
    'is refused where %o is given for it, however it begins',
    async (wrong) => {
      const { client, server } = await createTestClient();
      const options = { encryption: wrong } as unknown as CallOptions;
      const rung: IncomingCall[] = [];
      client.on('incomingCall', (incoming) => rung.push(incoming));
      server.notify('incomingCall', {
        callId: 'call-1',
        kind: 'direct',
        caller: { userId: 'bob', displayName: 'Bob', kind: 'user' },
        customData: {},
      });

      expect(() => client.call(['bob'], options)).toThrow(TypeError);
      expect(() => client.join({ roomId: 'room-1' }, options)).toThrow(TypeError);
      await expect(rung[0]?.accept(options)).rejects.toThrow(TypeError);
      expect(server.requests.map(({ name }) => name)).toEqual([]);
    },
  );

  it('is not entered, and nothing is sent, when it cannot be encrypted', async () => {
    const { client, server, media } = await createTestClient();
    const encryption = encryptionThat(() =>
      Promise.reject(new CallError('not_supported', 'This browser cannot encrypt media.')),
    );

    const call = client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(call.callEndReason?.message).toBe('This browser cannot encrypt media.');
    expect(server.asked('joinRoom')).toEqual([]);
    expect(media.sessions).toEqual([]);
  });

  it('waits for it before it is entered, and sends and receives through it alone', async () => {
    const { client, server, media } = await createTestClient();
    const { promise, resolve } = Promise.withResolvers<void>();
    const encryption = encryptionThat(() => promise);

    const call = client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();
    expect(server.asked('joinRoom')).toEqual([]);
    resolve();
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(media.session.options.encryption).toBe(encryption);
  });

  it('that is hung up before it can be encrypted is not entered', async () => {
    const { client, server } = await createTestClient();
    const { promise, resolve } = Promise.withResolvers<void>();
    const call = client.join({ roomId: 'room-1' }, { encryption: encryptionThat(() => promise) });
    await nextTurn();

    const hungUp = call.hangUp();
    resolve();
    await hungUp;

    expect(server.asked('joinRoom')).toEqual([]);
  });
});

describe('a picture that cannot be decrypted', () => {
  async function watched() {
    const parts = createTestCallMedia();
    const subscription = parts.media.watch('camera-1', 'bob-person', {
      onStreamChanged: () => {},
      onFailed: () => {},
    });
    subscription.setFlowing(true);
    await nextTurn();
    const { id } = consumerOf('camera-1');
    const setReadable = async (isReadable: boolean): Promise<void> => {
      parts.fakeMedia.session.onReadable.get(id)?.(isReadable);
      await nextTurn();
    };

    return { ...parts, subscription, setReadable, id };
  }

  it('is paused at the server until it can be', async () => {
    const { server, setReadable, id } = await watched();
    expect(server.asked('resumeConsumers')).toHaveLength(1);

    await setReadable(false);
    expect(server.asked('pauseConsumers')).toMatchObject([{ consumerIds: [id] }]);
    await setReadable(true);

    expect(server.asked('resumeConsumers')).toHaveLength(2);
  });

  it('counts as not flowing until it can be: the network is not to blame for a key', async () => {
    const { media, setReadable } = await watched();
    const flowing = (): boolean[] => media.received.map(({ isFlowing }) => isFlowing);
    expect(flowing()).toEqual([true]);

    await setReadable(false);
    expect(flowing()).toEqual([false]);
    await setReadable(true);

    expect(flowing()).toEqual([true]);
  });

  it('does not flow because it is wanted, nor because it could be decrypted if it were', async () => {
    const { server, setReadable, subscription } = await watched();

    await setReadable(false);
    subscription.setFlowing(false);
    subscription.setFlowing(true);
    await nextTurn();
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    subscription.setFlowing(false);
    await setReadable(true);

    expect(server.asked('resumeConsumers')).toHaveLength(1);
  });

  it('is tried anew over new transports', async () => {
    const { server, media, setReadable, parametersAfterLoss } = await watched();
    await setReadable(false);

    media.reset(parametersAfterLoss({ consumers: [{ ...consumerOf('camera-1'), id: 'consumer-2' }] }));
    await nextTurn();
    expect(server.asked('resumeConsumers').at(-1)).toMatchObject({ consumerIds: ['consumer-2'] });
    const asked = server.asked('pauseConsumers').length;
    // What is said of the one before concerns nobody any more.
    await setReadable(false);

    expect(server.asked('pauseConsumers')).toHaveLength(asked);
  });
});
