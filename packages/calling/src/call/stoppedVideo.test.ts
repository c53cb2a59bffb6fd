import { describe, expect, it } from 'vitest';
import { connectedCall } from '../testing/connectedCall.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('video that is stopped before it is sent', () => {
  it('is off at once though the connection is lost, and startVideo() rejects', async () => {
    const { call, server, devices } = await connectedCall();
    server.isSilent = true;
    server.drop();
    const started = call.startVideo();
    started.catch(() => {});
    await nextTurn();
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);

    const stopped = call.stopVideo();

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
    void call.hangUp();
    await expect(started).rejects.toMatchObject({ code: 'invalid_state' });
    await stopped;
  });

  it('is closed at the server that takes it later', async () => {
    const { call, server, media } = await connectedCall();
    const produced = Promise.withResolvers<void>();
    server.on('produce', async ({ source }) => {
      await produced.promise;

      return { producerId: `own-${source}` };
    });
    const started = call.startVideo();
    started.catch(() => {});
    await nextTurn();

    const stopped = call.stopVideo();
    produced.resolve();

    await expect(started).rejects.toMatchObject({ code: 'invalid_state' });
    await stopped;
    expect(server.asked('closeProducer')).toMatchObject([{ producerId: 'own-camera' }]);
    expect(media.session.sentFrom('camera')?.state).toBe('closed');
  });

  it('is never sent while the camera is still being opened, and can be started again', async () => {
    const { call, server, devices } = await connectedCall();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const updates: unknown[] = [];
    call.on('localVideoStreamsUpdated', (update) => updates.push(update));
    const started = call.startVideo();
    started.catch(() => {});
    await nextTurn();

    const stopped = call.stopVideo();
    const again = call.startVideo();
    question.resolve();
    await stopped;

    await expect(started).rejects.toMatchObject({ code: 'invalid_state' });
    const stream = await again;
    expect(call.localVideoStreams).toEqual([stream]);
    expect(updates).toEqual([{ added: [stream], removed: [] }]);
    expect(server.asked('produce').filter(({ source }) => source === 'camera')).toHaveLength(1);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio', 'video']);
  });

  it('with which the call began is no failure', async () => {
    const { client, devices } = await createTestClient();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    const failures: unknown[] = [];
    call.on('mediaDeviceFailed', (failure) => failures.push(failure));
    await nextTurn();

    const stopped = call.stopVideo();
    question.resolve();
    await stopped;
    await nextTurn();

    expect(call.localVideoStreams).toEqual([]);
    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
    expect(failures).toEqual([]);
  });
});
