import { describe, expect, it } from 'vitest';
import { joined } from '../testing/FakeServer.ts';
import { createProbedNetwork, reachable, unreached } from '../testing/probedNetwork.ts';
import { nextTurn, passInSteps } from '../testing/testClient.ts';
import { loopMs, sampleMs } from './measureLoop.ts';

describe('a test that is cut short', () => {
  it('by its signal keeps what is known, and cleans up at once', async () => {
    const network = await createProbedNetwork(['udp']);
    const controller = new AbortController();
    const test = network.start({ signal: controller.signal });
    await nextTurn();

    controller.abort();

    const untested = unreached('NotTested', 'aborted');
    expect(await test.reachability).toEqual({ udp: reachable, tcp: untested, relay: untested });
    expect(await test.bandwidth).toMatchObject({ cause: 'aborted' });
    await nextTurn();
    expect(network.stages.at(-1)).toBe('Finished');
    expect([network.openProbes, network.openSessions, network.clock.pending]).toEqual([0, 0, 0]);
  });

  it('by its signal while media flows keeps what was counted', async () => {
    const network = await createProbedNetwork();
    network.server.iceServers = [];
    const controller = new AbortController();
    const test = network.start({ signal: controller.signal });
    await passInSteps(network.clock, loopMs / 2, sampleMs);

    controller.abort();

    expect(await test.bandwidth).toMatchObject({ down: { kbps: 2_000 } });
    await nextTurn();
    expect([network.openProbes, network.openSessions, network.clock.pending]).toEqual([0, 0, 0]);
  });

  it('by a signal that was aborted before asks the server nothing', async () => {
    const { server, start } = await createProbedNetwork();

    const test = start({ signal: AbortSignal.abort() });

    expect(await test.reachability).toMatchObject({ udp: { state: 'NotTested', cause: 'aborted' } });
    expect(await test.bandwidth).toMatchObject({ cause: 'aborted' });
    expect(server.asked('startProbe')).toEqual([]);
  });

  it('while the server has not answered leaves no probe there', async () => {
    const network = await createProbedNetwork();
    const controller = new AbortController();
    let answer = (): void => {};
    network.server.on('startProbe', async () => {
      await new Promise<void>((resolve) => (answer = resolve));

      return { probeId: 'late', media: joined('room', 'connected').media };
    });
    const test = network.start({ signal: controller.signal });
    await network.server.whenAsked('startProbe');

    controller.abort();
    await test.inCallDiagnostics;
    answer();

    expect(await network.server.whenAsked('endProbe')).toEqual({ probeId: 'late' });
  });

  it('by dispose() resolves with invalid_state', async () => {
    const network = await createProbedNetwork([]);
    const test = network.start();
    await nextTurn();

    await network.client.dispose();

    expect(await test.reachability).toMatchObject({ tcp: { state: 'NotTested', cause: 'invalid_state' } });
    expect((await test.inCallDiagnostics).cause).toBe('invalid_state');
    expect(network.openSessions).toBe(0);
  });

  it('by the loss of the connection resolves with unavailable', async () => {
    const network = await createProbedNetwork([]);
    const test = network.start();
    await nextTurn();

    network.server.drop();

    expect(await test.reachability).toMatchObject({ tcp: { state: 'NotTested', cause: 'unavailable' } });
    expect(network.openSessions).toBe(0);
  });
});

describe('beside a call', () => {
  it('sends sound alone, measures no bandwidth and leaves the call as it is', async () => {
    const { client, finish, media, tracks } = await createProbedNetwork();
    const call = client.join({ roomId: 'room' });
    await nextTurn();
    await nextTurn();
    const { session } = media;

    const test = await finish();

    expect(await test.bandwidth).toEqual({ up: undefined, down: undefined, cause: 'call_in_progress' });
    expect((await test.inCallDiagnostics).connected).toBe(true);
    expect(tracks.map(({ kind }) => kind)).toEqual(['audio']);
    expect([call.state, session.isClosed]).toEqual(['Connected', false]);
  });

  it('that begins meanwhile it stops sending at once', async () => {
    const { clock, client, media, start, tracks } = await createProbedNetwork();
    const test = start();
    await passInSteps(clock, 2 * sampleMs, sampleMs);
    const { session } = media;

    client.join({ roomId: 'room' });

    expect((await test.bandwidth).cause).toBe('call_in_progress');
    expect((await test.inCallDiagnostics).connected).toBe(true);
    expect(session.isClosed).toBe(true);
    expect(tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  });
});
