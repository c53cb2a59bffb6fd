import { createDeferred } from '@parley/kit';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';

const small = { video: { send: { frameHeight: { max: 360 } } } };

describe('setConstraints()', () => {
  it('limits what is being sent at once, and what begins later', async () => {
    const { call, media } = await connectedCall();
    await call.startVideo();

    await call.setConstraints(small);
    await call.setConstraints({ screenSharing: { send: { frameRate: { max: 5 } } } });
    await call.startScreenSharing();

    expect(media.session.sentFrom('camera')?.limits).toMatchObject({ frameHeight: 360 });
    expect(media.session.sentFrom('screen')?.limits).toMatchObject({ frameRate: 5 });
  });

  it('holds for a stream that is being produced meanwhile', async () => {
    const { call, media, server } = await connectedCall();
    const answer = createDeferred<void>();
    server.on('produce', async () => {
      await answer.promise;

      return { producerId: 'own-camera' };
    });
    const starting = call.startVideo();
    await nextTurn();

    await call.setConstraints({ video: { send: { bitrate: { max: 300_000 } } } });
    answer.resolve();
    await starting;
    await nextTurn();

    expect(media.session.sentFrom('camera')?.limits).toMatchObject({ bitrate: 300_000 });
  });

  it('without limits the encodings suit the camera that is switched to, whose pictures may be smaller', async () => {
    const { call, media } = await connectedCall();
    const stream = await call.startVideo();
    const sent = media.session.sentFrom('camera');
    await nextTurn();
    Object.assign(sent ?? {}, { limits: undefined });

    await stream.switchSource({ id: 'cam-2', name: 'Second' });
    await nextTurn();

    expect(sent?.limits).toEqual({});
  });

  it('holds over the transports that take the place of others', async () => {
    const { call, media, server } = await connectedCall();
    await call.startVideo();
    await call.setConstraints(small);
    const { sendTransport, receiveTransport } = joined('room', 'connected').media;

    server.notify('mediaReset', {
      callId: 'call-1',
      media: {
        sendTransport: { ...sendTransport, id: 'send-2' },
        receiveTransport: { ...receiveTransport, id: 'receive-2' },
        consumers: [],
        dataConsumers: [],
      },
    });
    await nextTurn();

    expect(media.sessions).toHaveLength(2);
    expect(media.session.sentFrom('camera')?.limits).toMatchObject({ frameHeight: 360 });
  });

  it('shares a total limit anew when a stream begins or ends', async () => {
    const { call, media } = await connectedCall();
    await call.setConstraints({ send: { bitrate: { max: 640_000 } } });
    const camera = (): number | undefined => media.session.sentFrom('camera')?.limits?.bitrate;

    await call.startVideo();
    const alone = camera();
    await call.startScreenSharing();
    await nextTurn();
    const beside = camera();
    await call.stopScreenSharing();
    await nextTurn();

    expect([alone, beside, camera()]).toEqual([600_000, 200_000, 600_000]);
  });

  it('has the server limit what is received, and lift that', async () => {
    const { call, server } = await connectedCall();

    await call.setConstraints({ receive: { bitrate: { max: 500_000 } } });
    await call.setConstraints(small);
    await call.setConstraints({ receive: { bitrate: { max: 0 } } });

    expect(server.asked('setMaxReceiveBitrate')).toEqual([
      { callId: 'call-1', maxBitrate: 500_000 },
      { callId: 'call-1', maxBitrate: null },
    ]);
  });

  it('asks again for what the server has refused', async () => {
    const { call, server } = await connectedCall();
    const refusals = [new CallError('unavailable')];
    server.on('setMaxReceiveBitrate', () => {
      const refusal = refusals.pop();
      if (refusal !== undefined) {
        throw refusal;
      }

      return {};
    });
    const limit = { receive: { bitrate: { max: 500_000 } } };
    await expect(call.setConstraints(limit)).rejects.toMatchObject({ code: 'unavailable' });

    await call.setConstraints(limit);
    await call.setConstraints(limit);

    expect(server.asked('setMaxReceiveBitrate')).toHaveLength(2);
  });

  it('asks for no less than the server takes', async () => {
    const { call, server } = await connectedCall();
    await call.setConstraints({ receive: { bitrate: { max: 1 } } });

    expect(server.asked('setMaxReceiveBitrate')).toMatchObject([{ maxBitrate: 30_000 }]);
  });

  it('says it again to a server that may be another process, and not after a mere reset', async () => {
    const { media, server, parametersAfterLoss } = createTestCallMedia();
    await media.setLimits({ receive: { bitrate: 500_000 } });

    media.reset(parametersAfterLoss());
    await nextTurn();
    expect(server.asked('setMaxReceiveBitrate')).toHaveLength(1);
    media.rejoin(parametersAfterLoss());
    await nextTurn();

    expect(server.asked('setMaxReceiveBitrate')).toHaveLength(2);
  });

  it('is part of the options of a call, too', async () => {
    const { client, media, server } = await createTestClient();

    client.join(
      { roomId: 'room-1' },
      { constraints: { ...small, receive: { bitrate: { max: 500_000 } } }, videoOptions: { camera: true } },
    );
    await nextTurn();

    expect(media.session.sentFrom('camera')?.limits).toMatchObject({ frameHeight: 360 });
    expect(server.asked('setMaxReceiveBitrate')).toMatchObject([{ maxBitrate: 500_000 }]);
  });

  it('before the call is entered is kept for then', async () => {
    const { client, server } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });

    await call.setConstraints({ receive: { bitrate: { max: 500_000 } } });
    expect(server.asked('setMaxReceiveBitrate')).toEqual([]);
    await nextTurn();

    expect(server.asked('setMaxReceiveBitrate')).toHaveLength(1);
  });

  it('rejects with what the server answers, with a TypeError for what is no limit, and once the call is over', async () => {
    const { call, client, server } = await connectedCall();
    const limit = { receive: { bitrate: { max: 500_000 } } };
    server.on('setMaxReceiveBitrate', () => {
      throw new CallError('unavailable');
    });

    await expect(call.setConstraints(limit)).rejects.toMatchObject({ code: 'unavailable' });
    const wrong = { receive: { bitrate: { max: -1 } } };
    await expect(call.setConstraints(wrong)).rejects.toThrow(TypeError);
    expect(() => client.join({ roomId: 'room-1' }, { constraints: wrong })).toThrow(TypeError);
    await call.hangUp();
    await expect(call.setConstraints(limit)).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
