import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('hangUp()', () => {
  it('asks the server nothing when the call has not begun', async () => {
    const { client, server, devices } = await createTestClient();

    const call = client.call(['bob']);
    await call.hangUp();
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(server.requests).toEqual([]);
    expect(devices.tracks).toEqual([]);
  });

  it('before the answer has come leaves as soon as the answer names the call', async () => {
    const { client, server, devices, media } = await createTestClient();
    const answer = Promise.withResolvers<void>();
    server.on('startCall', async () => {
      await answer.promise;

      return { ...joined('direct', 'ringing'), unreachable: [] };
    });
    const call = client.call(['bob']);
    await server.whenAsked('startCall');
    await nextTurn();
    expect(devices.liveTracks).toHaveLength(1);

    const hungUp = call.hangUp();
    expect(call.state).toBe('Disconnecting');
    expect(devices.liveTracks).toEqual([]);
    answer.resolve();
    await hungUp;

    expect(call.callEndReason?.name).toBe('hangup');
    expect(server.asked('leaveCall')).toEqual([{ callId: 'call-1' }]);
    expect(media.sessions).toEqual([]);
  });

  it('turns off a device that was still being asked for', async () => {
    const { client, devices } = await createTestClient();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const call = client.call(['bob'], { videoOptions: { camera: true } });
    await nextTurn();

    await call.hangUp();
    question.resolve();
    await nextTurn();

    expect(devices.tracks).not.toEqual([]);
    expect(devices.liveTracks).toEqual([]);
  });

  it('closes the media, leaves once, and may be called again', async () => {
    const { call, media, devices, server } = await connectedCall();

    await Promise.all([call.hangUp(), call.hangUp()]);
    await call.hangUp();

    expect(media.session.isClosed).toBe(true);
    expect(devices.liveTracks).toEqual([]);
    expect(server.asked('leaveCall')).toHaveLength(1);
  });

  it('forEveryone ends the call for all', async () => {
    const { call, server } = await connectedCall();

    await call.hangUp({ forEveryone: true });

    expect(server.asked('endCall')).toEqual([{ callId: 'call-1' }]);
    expect(call.callEndReason?.name).toBe('ended_for_everyone');
  });

  it('forEveryone leaves the call as it is when the server refuses', async () => {
    const { call, server } = await connectedCall();
    server.on('endCall', () => {
      throw new CallError('forbidden');
    });

    await expect(call.hangUp({ forEveryone: true })).rejects.toMatchObject({ code: 'forbidden' });

    expect(call.state).toBe('Connected');
  });

  it('from a listener of the events of joining leaves nothing behind', async () => {
    const { client, server, media } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    call.on('remoteParticipantsUpdated', () => void call.hangUp());

    await server.whenAsked('leaveCall');
    await nextTurn();

    expect(call.state).toBe('Disconnected');
    expect(media.session.isClosed).toBe(true);
  });

  it('leaves a call whose answer came after its time', async () => {
    const { client, server, clock } = await createTestClient();
    const answer = Promise.withResolvers<void>();
    server.on('joinRoom', async () => {
      await answer.promise;

      return joined('room', 'connected');
    });
    const call = client.join({ roomId: 'room-1' });
    await server.whenAsked('joinRoom');

    clock.pass(10_000);
    await nextTurn();
    expect(call.callEndReason?.name).toBe('timeout');
    answer.resolve();

    await expect(server.whenAsked('leaveCall')).resolves.toEqual({ callId: 'call-1' });
  });
});
