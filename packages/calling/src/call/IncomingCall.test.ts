import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { IncomingCall } from './incomingCallTypes.ts';

async function ringing() {
  const parts = await createTestClient();
  const rung: IncomingCall[] = [];
  parts.client.on('incomingCall', (incoming) => rung.push(incoming));
  parts.server.notify('incomingCall', {
    callId: 'call-1',
    kind: 'direct',
    caller: { userId: 'bob', displayName: 'Bob', kind: 'user' },
    customData: { topic: 'Budget' },
  });
  const [incoming] = rung;
  if (incoming === undefined) {
    throw new Error('Nobody rang.');
  }

  return { ...parts, incoming, rung };
}

const endsOf = (incoming: IncomingCall): string[] => {
  const ends: string[] = [];
  incoming.on('callEnded', ({ callEndReason }) => ends.push(callEndReason.name));

  return ends;
};

describe('an incoming call', () => {
  it('says who calls and how', async () => {
    const { incoming } = await ringing();

    expect(incoming).toMatchObject({
      id: 'call-1',
      kind: 'direct',
      callerInfo: { identity: { id: 'bob', type: 'user' }, displayName: 'Bob' },
      customData: { topic: 'Budget' },
      callEndReason: undefined,
    });
  });

  it('rings once, however often it is told', async () => {
    const { server, rung } = await ringing();

    server.notify('incomingCall', {
      callId: 'call-1',
      kind: 'direct',
      caller: { userId: 'bob', displayName: 'Bob', kind: 'user' },
      customData: {},
    });

    expect(rung).toHaveLength(1);
  });

  it('that is accepted holds the other calls of the page at once, also those of which its server does not know', async () => {
    const { client, incoming, server, media } = await ringing();
    server.on('acceptCall', () => {
      const answer = joined('direct', 'connected');

      return { ...answer, call: { ...answer.call, id: 'call-2' } };
    });
    const meeting = client.join({ roomId: 'room-1' });
    const held = client.join({ roomId: 'room-2' });
    await nextTurn();
    await held.hold();
    server.on('holdCall', () => new Promise(() => {}));
    const asked = server.asked('holdCall').length;
    const sound = media.sessions[0]?.sentFrom('microphone');
    expect([meeting.state, sound?.state]).toEqual(['Connected', 'sending']);

    const accepted = await incoming.accept();
    await nextTurn();

    expect(sound?.state).toBe('paused');
    expect(server.asked('holdCall').slice(asked)).toEqual([{ callId: 'call-1' }]);
    expect([accepted.state, media.session.sentFrom('microphone')?.state]).toEqual(['Connected', 'sending']);
  });

  it('becomes a connected call on accept()', async () => {
    const { client, incoming, server, media } = await ringing();
    const ends = endsOf(incoming);

    const call = await incoming.accept({ videoOptions: { camera: true }, kickSiblings: true });
    await nextTurn();

    expect(server.asked('acceptCall')).toMatchObject([{ callId: 'call-1', kickSiblings: true }]);
    expect(call).toMatchObject({ id: 'call-1', state: 'Connected', direction: 'Incoming' });
    expect(client.calls).toEqual([call]);
    expect(media.session.sent.map(({ source }) => source).toSorted()).toEqual(['camera', 'microphone']);
    expect(ends).toEqual([]);
  });

  it('rings on when accept() is given wrong options', async () => {
    const { client, incoming } = await ringing();

    await expect(incoming.accept({ videoOptions: true as never })).rejects.toThrow(TypeError);
    const call = await incoming.accept();

    expect(client.calls).toEqual([call]);
  });

  it('is in the collection, which tells so, before anything of it happens', async () => {
    const { client, incoming } = await ringing();
    const told: unknown[] = [];
    client.on('callsUpdated', ({ added, removed }) => {
      told.push(...added.map(({ state }) => state), ...removed.map(({ state }) => state));
      added.forEach((call) => call.on('stateChanged', () => told.push(call.state)));
    });

    const call = await incoming.accept();
    expect(told).toEqual(['None', 'Connecting', 'Connected']);
    await call.hangUp();

    expect(told.slice(3)).toEqual(['Disconnecting', 'Disconnecting', 'Disconnected']);
  });

  it('tells who has accepted it of a camera that the browser refused before the server had answered', async () => {
    const { incoming, devices, clock, server } = await ringing();
    devices.refusals.video = 'NotAllowedError';
    server.on('acceptCall', async () => {
      await nextTurn();

      return joined('direct', 'connected');
    });
    const failures: string[] = [];

    const call = await incoming.accept({ videoOptions: { camera: true } });
    call.on('mediaDeviceFailed', ({ device, code }) => failures.push(`${device} ${code}`));
    clock.pass(0);
    await nextTurn();

    expect(failures).toEqual(['camera permission_denied']);
  });

  it('is declined on reject(), which opens no device', async () => {
    const { incoming, server, devices } = await ringing();

    await incoming.reject();

    expect(server.asked('rejectCall')).toEqual([{ callId: 'call-1' }]);
    expect(devices.tracks).toEqual([]);
  });

  it('tells why it does not ring any more, and can be neither accepted nor rejected then', async () => {
    const { incoming, server } = await ringing();
    const ends = endsOf(incoming);

    server.notify('incomingCallEnded', { callId: 'call-1', reason: 'answered_elsewhere' });

    expect(ends).toEqual(['answered_elsewhere']);
    expect(incoming.callEndReason?.subCode).toBe(10003);
    await expect(incoming.accept()).rejects.toMatchObject({ name: 'CallError', code: 'invalid_state' });
    await expect(incoming.reject()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('cannot be answered twice', async () => {
    const { incoming } = await ringing();

    const accepted = incoming.accept();

    await expect(incoming.accept()).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(incoming.reject()).rejects.toMatchObject({ code: 'invalid_state' });
    await accepted;
    await expect(incoming.reject()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('that another device answered first rejects the accept() and leaves no call and no device on', async () => {
    const { client, incoming, server, devices } = await ringing();
    server.on('acceptCall', () => {
      throw new CallError('answered_elsewhere');
    });
    const ends = endsOf(incoming);

    await expect(incoming.accept()).rejects.toMatchObject({ code: 'answered_elsewhere' });
    await nextTurn();

    expect(ends).toEqual(['answered_elsewhere']);
    expect(client.calls).toEqual([]);
    expect(devices.liveTracks).toEqual([]);
  });

  it('ends with the connection', async () => {
    const { incoming, server } = await ringing();
    const ends = endsOf(incoming);

    server.drop();

    expect(ends).toEqual(['connection_lost']);
  });

  it('ends when the client is disposed', async () => {
    const { client, incoming } = await ringing();

    await client.dispose();

    await expect(incoming.accept()).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('that is hung up while it is being accepted has ended by that', async () => {
    const { client, incoming, server } = await ringing();
    const answer = Promise.withResolvers<void>();
    server.on('acceptCall', async () => {
      await answer.promise;

      return joined('direct', 'connected');
    });
    const ends = endsOf(incoming);
    const accepted = incoming.accept();
    accepted.catch(() => {});
    await server.whenAsked('acceptCall');

    const [call] = client.calls;
    const hungUp = call?.hangUp();
    answer.resolve();

    await expect(accepted).rejects.toMatchObject({ code: 'invalid_state' });
    await hungUp;
    expect(ends).toEqual(['hangup']);
    expect(call?.callEndReason?.name).toBe('hangup');
  });

  it('rings no more, and cannot be accepted, from the moment on in which the client is disposed', async () => {
    const { client, incoming, rung, server, devices } = await ringing();
    const left = Promise.withResolvers<void>();
    server.on('leaveCall', async () => {
      await left.promise;

      return {};
    });
    client.join({ roomId: 'room-1' });
    await nextTurn();
    const ends = endsOf(incoming);

    const disposed = client.dispose();
    await nextTurn();
    server.notify('incomingCall', {
      callId: 'call-2',
      kind: 'direct',
      caller: { userId: 'bob', displayName: 'Bob', kind: 'user' },
      customData: {},
    });

    expect(ends).toEqual(['connection_lost']);
    for (const one of rung) {
      await expect(one.accept()).rejects.toMatchObject({ code: 'invalid_state' });
    }
    expect(devices.liveTracks).toEqual([]);
    left.resolve();
    await disposed;
    expect(server.asked('acceptCall')).toEqual([]);
  });
});
