import { afterEach, describe, expect, it, vi } from 'vitest';
import { diagnosedCall } from '../testing/diagnosedCall.ts';
import { FakeMediaElement } from '../testing/fakePage.ts';
import { measuredCall } from '../testing/measuredCall.ts';
import { DiagnosticQuality, UserFacingDiagnostics } from './index.ts';

const { Good, Poor, Bad } = DiagnosticQuality;

afterEach(() => vi.unstubAllGlobals());

describe('of the network', () => {
  it('noNetwork is raised where the browser says that it is offline', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    vi.stubGlobal('HTMLMediaElement', FakeMediaElement);
    const { call, second } = await measuredCall();

    const { network } = call.feature(UserFacingDiagnostics);
    await second(() => {});

    expect(network.getLatest().noNetwork?.value).toBe(true);
  });

  it('noNetwork is raised while the machine is offline, and while neither server nor media can be reached', async () => {
    const machine = { isOnline: true };
    const { of, second, server, session } = await diagnosedCall({ isOnline: () => machine.isOnline });
    machine.isOnline = false;
    await second(() => {});
    machine.isOnline = true;
    await second(() => {});
    expect(of('noNetwork')).toEqual([true, false]);

    server.isSilent = true;
    server.drop();
    await second(() => {});
    expect(of('noNetwork')).toEqual([]);
    session.options.onPathChanged('failed');
    await second(() => {});

    expect(of('noNetwork')).toEqual([true]);
  });

  it('networkReconnect is poor without a path, bad without the server, and good once it is over', async () => {
    const { of, second, server, session, network } = await diagnosedCall();
    await second(() => {});
    expect(network.getLatest().networkReconnect).toBeUndefined();

    session.options.onPathChanged('disconnected');
    session.options.onPathChanged('connected');
    await second(() => {});
    expect(of('networkReconnect')).toEqual([Poor, Good]);
    server.drop();
    await second(() => {}, 3);

    expect(of('networkReconnect')).toEqual([Bad, Good]);
    expect(network.getLatest().networkReconnect).toEqual({ value: Good, valueType: 'DiagnosticQuality' });
  });

  it('networkRelaysNotReachable is raised when none was reached for ten seconds, and lowered with another path', async () => {
    const { of, second, session } = await diagnosedCall();
    session.hasRelayFailed = true;
    await second(() => {}, 10);
    expect(of('networkRelaysNotReachable')).toEqual([]);
    await second(() => {}, 2);
    expect(of('networkRelaysNotReachable')).toEqual([true]);

    session.hasRelayFailed = false;
    await second(() => {});

    expect(of('networkRelaysNotReachable')).toEqual([false]);
  });

  it('networkRelaysNotReachable is not raised where one of several was reached, also when it is not needed any more', async () => {
    const { of, second, session, counters } = await diagnosedCall();
    session.hasRelayFailed = true;
    counters.set('receive', 'relay', { type: 'local-candidate', candidateType: 'relay' });
    await second(() => {});
    counters.remove('receive', 'relay');

    await second(() => {}, 15);

    expect(of('networkRelaysNotReachable')).toEqual([]);
  });

  it('networkSendQuality and networkReceiveQuality follow the quality of the call', async () => {
    const { of, second, counters, sounds } = await diagnosedCall();
    await sounds('bob');
    const inbound = { type: 'inbound-rtp', kind: 'audio', mid: 'mid-of-bob-mic' };
    const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 };
    counters.set('send', 'transport', { type: 'transport' });
    counters.set('send', 'pair', pair);
    counters.set('receive', 'in', { ...inbound, packetsReceived: 0, packetsLost: 0 });
    await second(() => counters.grow('receive', 'in', { packetsReceived: 50 }), 4);
    expect([of('networkSendQuality'), of('networkReceiveQuality')]).toEqual([[Good], [Good]]);

    await second(() => counters.grow('receive', 'in', { packetsReceived: 47, packetsLost: 3 }), 10);

    expect([of('networkSendQuality'), of('networkReceiveQuality')]).toEqual([[], [Poor]]);
  });
});
