import type { MediaParameters } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { consumerOf, FakeServer, joined, type FakeClock } from '../testing/FakeServer.ts';
import { nextTurn, passInSteps } from '../testing/testClient.ts';

const callId = 'call-1';

const media = (transports: string): MediaParameters => {
  const { sendTransport, receiveTransport } = joined('room', 'connected').media;

  return {
    sendTransport: { ...sendTransport, id: `send-${transports}` },
    receiveTransport: { ...receiveTransport, id: `receive-${transports}` },
    consumers: [consumerOf('mic-1')],
    dataConsumers: [],
  };
};

/** In a call in which something comes over the receive transport, as in every real one. */
async function callWithoutPath() {
  const server = new FakeServer();
  server.on('joinRoom', () => ({ ...joined('room', 'connected'), media: media('first') }));

  return connectedCall(server);
}

const pass = (clock: FakeClock, ms: number) => passInSteps(clock, ms, 1_000);

describe('a call whose media never finds a path, of which the browser says nothing', () => {
  it('does not stay Connected for ever: after a while ICE is restarted, and in the end it has failed', async () => {
    const { call, server, clock } = await callWithoutPath();

    await pass(clock, 14_000);
    expect(call.state).toBe('Connected');
    expect(server.asked('restartIce')).toEqual([]);
    await pass(clock, 1_000);
    expect(call.state).toBe('Reconnecting');
    expect(server.asked('restartIce')).toHaveLength(1);
    await pass(clock, 60_000);

    expect(server.asked('restartIce')).toHaveLength(6);
    expect(call.callEndReason?.name).toBe('media_failed');
    expect(clock.pending).toBe(0);
  });

  it('is as any other once there is one, however late', async () => {
    const { call, server, media: fakeMedia, clock } = await callWithoutPath();
    await pass(clock, 14_000);
    fakeMedia.session.options.onPathChanged('connected');

    await pass(clock, 60_000);

    expect(call.state).toBe('Connected');
    expect(server.asked('restartIce')).toEqual([]);
  });

  it('has as long again over new transports', async () => {
    const { call, server, clock } = await callWithoutPath();
    await pass(clock, 14_000);

    server.notify('mediaReset', { callId, media: media('second') });
    await pass(clock, 14_000);
    expect(call.state).toBe('Connected');
    expect(server.asked('restartIce')).toEqual([]);
    await pass(clock, 1_000);

    expect(server.asked('restartIce')).toHaveLength(1);
  });

  it('has all of the tries again over new transports that come while it is looked for', async () => {
    const { call, server, media: fakeMedia, clock } = await callWithoutPath();
    fakeMedia.session.options.onPathChanged('failed');
    await pass(clock, 20_000);
    const before = server.asked('restartIce').length;
    expect(before).toBeGreaterThan(2);

    server.notify('mediaReset', { callId, media: media('second') });
    await pass(clock, 20_000);
    expect(call.state).toBe('Reconnecting');
    await pass(clock, 40_000);

    expect(server.asked('restartIce')).toHaveLength(before + 5);
    expect(call.callEndReason?.name).toBe('media_failed');
  });

  it('uses up no try while the connection to the server is lost, too', async () => {
    const { call, server, network, clock } = await callWithoutPath();
    server.refusal = new CallError('unavailable');
    server.drop();
    await pass(clock, 25_000);
    expect(server.asked('restartIce')).toEqual([]);

    server.refusal = undefined;
    network.change();
    await nextTurn();
    expect(server.asked('resume')).toHaveLength(1);
    expect(call.state).toBe('Reconnecting');
    await pass(clock, 60_000);

    expect(server.asked('restartIce')).toHaveLength(5);
    expect(call.callEndReason?.name).toBe('media_failed');
  });

  it('leaves no timer when one hangs up before', async () => {
    const { call, clock } = await callWithoutPath();

    await call.hangUp();
    await nextTurn();

    expect(clock.pending).toBe(0);
  });
});
