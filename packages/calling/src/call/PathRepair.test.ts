import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { nextTurn, passInSteps } from '../testing/testClient.ts';

const freshServers = [{ urls: ['turn:restart.example'] }];

/** Time enough for each pause and each wait for a path. */
const stepMs = 7_000;

describe('a path of media that is lost', () => {
  it.each(['disconnected', 'failed'] as const)(
    'is replaced at once when it is %s, with fresh ICE servers',
    async (state) => {
      const { call, media, server } = await connectedCall();
      const states: string[] = [];
      call.on('stateChanged', () => states.push(call.state));

      media.session.options.onPathChanged(state);
      await nextTurn();
      expect(server.asked('restartIce')).toHaveLength(1);
      expect(media.session.restarts).toEqual([freshServers]);
      media.session.options.onPathChanged('connected');

      expect(states).toEqual(['Reconnecting', 'Connected']);
    },
  );

  it('is looked for no more once there is one', async () => {
    const { media, server, clock } = await connectedCall();
    media.session.options.onPathChanged('disconnected');
    await nextTurn();
    media.session.options.onPathChanged('connected');
    await nextTurn();

    expect(clock.pending).toBe(0);
    expect(server.asked('restartIce')).toHaveLength(1);
  });

  it('is looked for six times before the call ends with media_failed, and is left', async () => {
    const { call, media, server, clock } = await connectedCall();
    media.session.options.onPathChanged('failed');
    await nextTurn();

    for (let step = 0; step < 20 && call.callEndReason === undefined; step += 1) {
      clock.pass(stepMs);
      await nextTurn();
    }

    expect(server.asked('restartIce')).toHaveLength(6);
    expect(call.callEndReason?.name).toBe('media_failed');
    expect(server.asked('leaveCall')).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('is looked for again when the server could not help just then', async () => {
    const { call, media, server, clock } = await connectedCall();
    server.on('restartIce', () => {
      throw new CallError('too_many_requests');
    });

    media.session.options.onPathChanged('failed');
    await nextTurn();
    clock.pass(300);
    await nextTurn();

    expect(server.asked('restartIce')).toHaveLength(2);
    expect(call.state).toBe('Reconnecting');
  });

  it('has the connection to the server made anew when that does not answer either', async () => {
    const { call, media, server, clock } = await connectedCall();
    server.isDeaf = true;
    media.session.options.onPathChanged('disconnected');
    await nextTurn();

    server.isDeaf = false;
    clock.pass(2_000);
    await nextTurn();
    expect(server.connections).toHaveLength(2);
    expect(server.asked('resume')).toHaveLength(1);
    expect(media.session.restarts).toEqual([[{ urls: ['turn:resume.example'] }]]);
    expect(call.state).toBe('Reconnecting');
    media.session.options.onPathChanged('connected');
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(clock.pending).toBe(0);
  });

  it('uses up no try while the connection to the server is lost', async () => {
    const { call, media, server, clock } = await connectedCall();
    media.session.options.onPathChanged('failed');
    await nextTurn();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    clock.pass(20_000);
    await nextTurn();

    expect(call.state).toBe('Reconnecting');
    expect(server.asked('restartIce')).toHaveLength(1);
  });

  it('uses up no try either when it is lost only after the connection to the server', async () => {
    const { call, media, server, network, clock } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();
    media.session.options.onPathChanged('disconnected');

    // Longer than all tries together, and shorter than the place is kept.
    await passInSteps(clock, 28_000, 2_000);
    expect(call.state).toBe('Reconnecting');
    expect(server.asked('restartIce')).toEqual([]);
    server.refusal = undefined;
    network.change();
    await nextTurn();
    expect(server.asked('resume')).toHaveLength(1);
    expect(call.state).toBe('Reconnecting');
    media.session.options.onPathChanged('connected');
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(clock.pending).toBe(0);
  });

  it('is asked for again no earlier than the server says', async () => {
    const { media, server, clock } = await connectedCall();
    server.on('restartIce', () => {
      throw new CallError('too_many_requests', 'Wait.', { retryAfterSeconds: 10 });
    });
    media.session.options.onPathChanged('failed');
    await nextTurn();

    clock.pass(9_999);
    await nextTurn();
    expect(server.asked('restartIce')).toHaveLength(1);
    clock.pass(1);
    await nextTurn();

    expect(server.asked('restartIce')).toHaveLength(2);
  });

  it('leaves no timer when one hangs up over it', async () => {
    const { call, media, clock } = await connectedCall();
    media.session.options.onPathChanged('failed');
    await nextTurn();

    await call.hangUp();
    await nextTurn();

    expect(clock.pending).toBe(0);
  });
});

describe('a change of the network', () => {
  it('has ICE restarted before the browser knows that the path is lost', async () => {
    const { call, media, network } = await connectedCall();

    network.change();
    await nextTurn();

    expect(media.session.restarts).toEqual([freshServers]);
    expect(call.state).toBe('Connected');
  });

  it('told several times over has it restarted once, and so has the next', async () => {
    const { server, network } = await connectedCall();

    for (const restarts of [1, 2]) {
      network.change();
      network.change();
      network.change();
      await nextTurn();

      expect(server.asked('restartIce')).toHaveLength(restarts);
    }
  });

  it('that browsers tell of with each estimate of its speed has it restarted once in ten seconds', async () => {
    const { server, network, clock } = await connectedCall();
    for (let passedMs = 0; passedMs < 60_000; passedMs += 500) {
      network.change();
      await nextTurn();
      clock.pass(500);
      await nextTurn();
    }

    // Two may follow each other at once: one network goes, another comes.
    expect(server.asked('restartIce')).toHaveLength(7);
  });

  it('while the path is lost begins the tries anew, and uses up none', async () => {
    const { call, media, server, network, clock } = await connectedCall();
    media.session.options.onPathChanged('failed');
    await nextTurn();
    for (let event = 0; event < 11; event += 1) {
      network.change();
      await nextTurn();
    }
    expect(call.state).toBe('Reconnecting');
    expect(server.asked('restartIce')).toHaveLength(3);

    // Of the tries begun by the last event five are left: all but the last pause and wait fit into this time.
    await passInSteps(clock, 16_000, 500);
    expect(call.state).toBe('Reconnecting');
    media.session.options.onPathChanged('connected');
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(clock.pending).toBe(0);
  });

  it('over which the server falls silent has the connection made anew', async () => {
    const { call, server, network, clock } = await connectedCall();
    server.isDeaf = true;
    network.change();
    await nextTurn();

    server.isDeaf = false;
    clock.pass(2_000);
    await nextTurn();

    expect(server.connections).toHaveLength(2);
    expect(call.state).toBe('Connected');
  });
});
