import { describe, expect, it, vi } from 'vitest';
import type { CallClient } from '../client/clientTypes.ts';
import { CallError } from '../errors.ts';
import { joined } from '../testing/FakeServer.ts';
import { FakeTrack } from '../testing/fakeMediaStream.ts';
import { createProbedNetwork, reachable, unreached, wayOf } from '../testing/probedNetwork.ts';
import type { PreCallStage } from './precallTypes.ts';
import { runPreCallTest, startPreCallTest } from './startPreCallTest.ts';
import { openSyntheticMedia } from './syntheticMedia.ts';

describe('startPreCallTest()', () => {
  it('finds out everything, one stage after another, and leaves nothing behind', async () => {
    const network = await createProbedNetwork();

    const test = await network.finish();

    expect(await test.browserSupport).toEqual({ browser: 'Supported', missing: [] });
    // This browser says nothing of permissions, and shows the names of the devices.
    expect(await test.deviceAccess).toEqual({ audio: true, video: true });
    expect(await test.deviceEnumeration).toEqual({
      microphone: 'Available',
      camera: 'Available',
      speaker: 'Available',
    });
    expect(await test.reachability).toEqual({ udp: reachable, tcp: reachable, relay: reachable });
    expect(await test.bandwidth).toEqual({
      up: { kbps: 3_000, rating: 'Good' },
      down: { kbps: 2_000, rating: 'Good' },
      cause: undefined,
    });
    expect(await test.callMediaStatistics).toEqual({
      audio: { jitterMs: 5, packetLoss: 0, roundTripTimeMs: 20 },
      video: { jitterMs: 45, packetLoss: 0.1, roundTripTimeMs: 250 },
      path: { protocol: 'udp', isRelayed: false },
    });
    expect(await test.inCallDiagnostics).toEqual({
      connected: true,
      bandWidth: 'Good',
      diagnostics: {
        audio: { jitter: 'Good', packetLoss: 'Good', rtt: 'Good' },
        video: { jitter: 'Average', packetLoss: 'Bad', rtt: 'Average' },
      },
      cause: undefined,
    });
    expect(network.stages).toEqual(['Browser', 'Devices', 'Reachability', 'Relay', 'Media', 'Finished']);
    expect([network.openProbes, network.openSessions, network.clock.pending]).toEqual([0, 0, 0]);
    expect(network.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  });

  it('calls nobody, asks for no device and tells no stage before it has returned', async () => {
    const { finish, start, stages, server, devices } = await createProbedNetwork();

    const test = start();
    expect(stages).toEqual([]);
    await finish(test);

    expect(devices.opened).toEqual([]);
    const names = new Set(server.requests.map(({ name }) => name));
    expect([...names].toSorted()).toEqual(['endProbe', 'loopBack', 'startProbe']);
  });

  it('says of each way that is shut that it is, and why', async () => {
    const { finish } = await createProbedNetwork(['tcp', 'media']);

    const { reachability } = await finish();

    expect(await reachability).toEqual({
      udp: unreached('NotReachable', 'timed_out'),
      tcp: reachable,
      relay: unreached('NotReachable', 'timed_out'),
    });
  });

  it('does not wait for a way that the browser has given up', async () => {
    const { clock, media, start } = await createProbedNetwork([]);
    media.onOpened = ({ options }) => queueMicrotask(() => options.onPathChanged('failed'));

    const test = start();

    const failed = unreached('NotReachable', 'failed');
    expect(await test.reachability).toEqual({ udp: failed, tcp: failed, relay: failed });
    expect((await test.inCallDiagnostics).cause).toBe('failed');
    expect(clock.pending).toBe(0);
  });

  it('does not try what the server does not offer', async () => {
    const { finish, server } = await createProbedNetwork();
    server.iceServers = [{ urls: 'stun:stun.example' }];
    server.on('startProbe', () => ({
      probeId: 'probe',
      media: { ...joined('room', 'connected').media, iceServers: server.iceServers },
    }));

    const { reachability } = await finish();

    expect(await reachability).toEqual({
      udp: unreached('NotOffered', 'no_candidate'),
      tcp: unreached('NotOffered', 'no_candidate'),
      relay: unreached('NotOffered', 'no_turn_server'),
    });
  });

  it('does not show its address to a server that it hides from', async () => {
    const { finish, media } = await createProbedNetwork(['relay', 'media']);
    media.iceTransportPolicy = 'relay';

    const { reachability } = await finish();

    expect(await reachability).toEqual({
      udp: unreached('NotOffered', 'relay_only'),
      tcp: unreached('NotOffered', 'relay_only'),
      relay: reachable,
    });
    expect(media.sessions.map(wayOf)).toEqual(['relay', 'media']);
  });

  it('resolves all with the cause when the server refuses, and rejects nothing', async () => {
    const { finish, server } = await createProbedNetwork();
    server.on('startProbe', () => {
      throw new CallError('too_many_requests');
    });

    const test = await finish();

    const cause = 'too_many_requests';
    const untested = unreached('NotTested', cause);
    expect(await test.reachability).toEqual({ udp: untested, tcp: untested, relay: untested });
    expect(await test.bandwidth).toEqual({ up: undefined, down: undefined, cause });
    expect(await test.inCallDiagnostics).toMatchObject({ connected: false, bandWidth: undefined, cause });
    expect(await test.callMediaStatistics).toEqual({ audio: undefined, video: undefined, path: undefined });
  });

  it('is not supported by a server from before there were probes', async () => {
    const { finish, server } = await createProbedNetwork();
    server.on('startProbe', () => {
      throw new CallError('invalid_request', 'There is no request of that name.');
    });

    expect((await (await finish()).inCallDiagnostics).cause).toBe('not_supported');
  });

  it('does not take the bit rate of sound for the bandwidth where the page can make no picture', async () => {
    const { client, finish } = await createProbedNetwork();
    const audio = new FakeTrack('audio', 'tone') as unknown as MediaStreamTrack;

    const test = await finish(
      runPreCallTest(
        client,
        {},
        { page: globalThis, openSyntheticMedia: () => ({ audio, video: undefined, close: () => {} }) },
      ),
    );

    expect(await test.bandwidth).toEqual({ up: undefined, down: undefined, cause: 'no_media' });
    expect(await test.inCallDiagnostics).toMatchObject({ connected: true, bandWidth: undefined });
  });

  it('finds that devices may not be used where the browser keeps their names', async () => {
    const { client, devices, finish } = await createProbedNetwork();
    const known = await devices.enumerateDevices();
    devices.enumerateDevices = async () =>
      known.map(({ kind, deviceId }) => ({ kind, deviceId, label: '', groupId: '', toJSON: () => ({}) }));

    const test = await finish(runPreCallTest(client, {}, { page: globalThis, openSyntheticMedia }));

    expect(await test.deviceAccess).toEqual({ audio: false, video: false });
    expect(await test.deviceEnumeration).toMatchObject({ microphone: 'Available', camera: 'Available' });
  });

  it('says of each kind of device that there is none', async () => {
    const network = await createProbedNetwork();
    for (const id of ['mic-1', 'cam-1', 'cam-2', 'speaker-1']) {
      network.devices.unplug(id);
    }

    const test = await network.finish();

    expect(await test.deviceEnumeration).toEqual({
      microphone: 'NotAvailable',
      camera: 'NotAvailable',
      speaker: 'NotAvailable',
    });
  });

  it('names what a browser lacks', async () => {
    const { client } = await createProbedNetwork();
    const bare = { navigator: {}, WebSocket: Object } as unknown as typeof globalThis;
    const test = runPreCallTest(client, {}, { page: bare, openSyntheticMedia });

    expect(await test.browserSupport).toEqual({
      browser: 'NotSupported',
      missing: ['RTCPeerConnection', 'navigator.mediaDevices', 'MediaStream'],
    });
    expect(await test.inCallDiagnostics).toMatchObject({ connected: false, cause: 'internal' });
  });

  it('goes on when a listener of its progress throws', async () => {
    const { finish, start } = await createProbedNetwork();
    const thrown: (() => void)[] = [];
    const onProgress = (stage: PreCallStage): void => {
      if (stage === 'Devices') {
        const reporting = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((run) => {
          thrown.push(run);
          reporting.mockRestore();
        });
        throw new Error('the application has a fault');
      }
    };

    const test = await finish(start({ onProgress }));

    expect((await test.inCallDiagnostics).connected).toBe(true);
    expect(thrown).toHaveLength(1);
    expect(() => thrown[0]?.()).toThrow('the application has a fault');
  });

  it('refuses a wrong argument with a TypeError', async () => {
    const { start } = await createProbedNetwork();

    expect(() => startPreCallTest({} as CallClient)).toThrow(TypeError);
    expect(() => startPreCallTest(undefined as unknown as CallClient)).toThrow(TypeError);
    expect(() => start({ signal: 'soon' as unknown as AbortSignal })).toThrow(TypeError);
    expect(() => start({ onProgress: 'loudly' as unknown as () => void })).toThrow(TypeError);
  });

  it('is refused with invalid_state after dispose()', async () => {
    const { client, start } = await createProbedNetwork();
    await client.dispose();

    expect(() => start()).toThrow(expect.objectContaining({ name: 'CallError', code: 'invalid_state' }));
  });
});
