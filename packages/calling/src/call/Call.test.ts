import { describe, expect, it, vi } from 'vitest';
import { CallError } from '../errors.ts';
import { silentLogger, type Logger } from '../logger.ts';
import { statesOf } from '../testing/chronicles.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('the life of an outgoing call', () => {
  it('goes from None over Connecting and Ringing to Connected, each told after the caller could subscribe', async () => {
    const { client, server } = await createTestClient();

    const call = client.call(['bob']);
    expect(call.state).toBe('None');
    const states = statesOf(call);
    await nextTurn();
    server.notify('callStateChanged', { callId: 'call-1', state: 'connected' });

    expect(states).toEqual(['Connecting', 'Ringing', 'Connected']);
    expect(call).toMatchObject({ id: 'call-1', kind: 'direct', direction: 'Outgoing', role: 'presenter' });
  });

  it('ends with a reason when the callee declines', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();

    server.notify('callEnded', { callId: 'call-1', reason: 'declined' });

    expect(call.state).toBe('Disconnected');
    expect(call.callEndReason).toMatchObject({ code: 603, subCode: 0, subcode: 0, name: 'declined' });
  });

  it.each([
    ['callee_busy', 'busy'],
    ['callee_offline', 'offline'],
    ['callee_not_found', 'not_found'],
    ['room_full', 'room_full'],
  ] as const)('ends, without a rejection, when the server answers %s', async (code, name) => {
    const { client, server, devices } = await createTestClient();
    server.on('startCall', () => {
      throw new CallError(code);
    });

    const call = client.call(['bob']);
    await nextTurn();

    expect(call.callEndReason?.name).toBe(name);
    expect(client.calls).toEqual([]);
    expect(devices.liveTracks).toEqual([]);
  });

  it('keeps what the server tells of a call before the answer that names it', async () => {
    const { client, server } = await createTestClient();
    server.on('startCall', async () => {
      server.notify('callEnded', { callId: 'call-1', reason: 'declined' });
      await nextTurn();

      return { ...joined('direct', 'ringing'), unreachable: [] };
    });

    const call = client.call(['bob']);
    await server.whenAsked('startCall');
    await nextTurn();
    await nextTurn();

    expect(call.callEndReason?.name).toBe('declined');
  });

  it('has its end reason and has left the collection when Disconnected is told', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();
    const seen: unknown[] = [];
    call.on('stateChanged', () => seen.push(call.callEndReason?.name, client.calls.length));

    server.notify('callEnded', { callId: 'call-1', reason: 'no_answer' });

    expect(seen).toEqual(['no_answer', 0]);
  });

  it('rejects what still waits for the server when it ends with invalid_state, as what is asked for later', async () => {
    const { call, server } = await connectedCall();
    server.on('raiseHand', () => new Promise<never>(() => {}));
    const raised = call.raiseHand();
    await server.whenAsked('raiseHand');

    server.notify('callEnded', { callId: 'call-1', reason: 'hangup' });

    await expect(raised).rejects.toMatchObject({ code: 'invalid_state', isRetryable: false });
    await expect(call.raiseHand()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it("goes on when a listener throws, whose error reaches the page's own reporting", async () => {
    const { call, server } = await connectedCall();
    const thrown: (() => void)[] = [];
    const reporting = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => thrown.push(run));
    let heard = 0;
    call.on('isSpeakingChanged', () => {
      throw new Error('the application has a fault');
    });
    call.on('isSpeakingChanged', () => (heard += 1));

    server.notify('speakersChanged', { callId: 'call-1', participantIds: ['alice-1', 'bob-1'] });
    reporting.mockRestore();

    expect(heard).toBe(1);
    expect(call.remoteParticipants[0]?.isSpeaking).toBe(true);
    expect(thrown).toHaveLength(1);
    expect(() => thrown[0]?.()).toThrow('the application has a fault');
  });

  it('leaves a call that it has entered and cannot use', async () => {
    const { client, server, media } = await createTestClient();
    vi.spyOn(media, 'open').mockImplementation(() => {
      throw new Error('The browser cannot make a connection.');
    });

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason?.name).toBe('failed');
    expect(server.asked('leaveCall')).toEqual([{ callId: 'call-1' }]);
  });

  it("that is refused ends with the server's own sentence, of which the code is in the log", async () => {
    const warn = vi.fn<Logger['warn']>();
    const { client, server } = await createTestClient({ logger: { ...silentLogger, warn } });
    const message = 'One may be in 8 calls at a time.';
    server.on('joinRoom', () => {
      throw new CallError('invalid_state', message);
    });

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason).toMatchObject({ name: 'failed', message });
    expect(warn.mock.calls).toEqual([['call refused', { code: 'invalid_state' }]]);
  });

  it('tells what it takes as a data message, and over which channels, before anything else', async () => {
    const { client } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });

    for (const payload of ['page 7', new ArrayBuffer(2), new Uint16Array(2), null]) {
      await expect(call.sendData(payload as never)).rejects.toThrow(
        new TypeError('sendData() takes a Uint8Array.'),
      );
    }
    await expect(call.sendData(new Uint8Array(2), { channel: 'fast' as 'lossy' })).rejects.toThrow(
      new TypeError("The channel must be 'ordered' or 'lossy'."),
    );
  });

  it('ends with failed for a reason that only a newer server knows', async () => {
    const { call, server } = await connectedCall();

    server.notifyRaw({ sequence: 1, name: 'callEnded', data: { callId: 'call-1', reason: 'abducted' } });

    expect(call.state).toBe('Disconnected');
    expect(call.callEndReason?.name).toBe('failed');
  });
});
