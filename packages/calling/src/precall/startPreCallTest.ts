import { Emitter } from '@parley/kit';
import { clientInternals, type ClientInternals } from '../client/clientInternals.ts';
import type { CallClient } from '../client/clientTypes.ts';
import { randomId } from '../signaling/randomId.ts';
import { findBrowserSupport } from './findBrowserSupport.ts';
import { findDevices } from './findDevices.ts';
import { findReachability } from './findReachability.ts';
import { measureLoop, type Measured } from './measureLoop.ts';
import type { PreCallStage, PreCallTest, PreCallTestOptions } from './precallTypes.ts';
import { bandwidthOf, diagnosticsOf, statisticsOf } from './results.ts';
import { Stopped } from './stopping.ts';
import { openSyntheticMedia, type OpenSyntheticMedia } from './syntheticMedia.ts';

/** What tests bring along in place of a browser. */
export interface PreCallSurroundings {
  readonly openSyntheticMedia: OpenSyntheticMedia;
  readonly page: typeof globalThis;
}

/**
 * Tries before a call what it will find: browser, devices, ways to the server, bandwidth. It takes about ten seconds and
 * neither camera nor microphone: what it sends is made by the page. Nobody is called or told, and calls that go on are left
 * alone: while there is one, no bandwidth is measured.
 *
 * @example
 * const test = startPreCallTest(client);
 * const { udp, tcp, relay } = await test.reachability;
 * console.log(udp.state, udp.timeToConnectMs, tcp.state, relay.state, await test.bandwidth);
 * @throws TypeError for anything but a client of this SDK, and options that are not as described.
 * @throws CallError `invalid_state` after the client's `dispose()`.
 */
export function startPreCallTest(client: CallClient, options: PreCallTestOptions = {}): PreCallTest {
  return runPreCallTest(client, options, { openSyntheticMedia, page: globalThis });
}

export function runPreCallTest(
  client: CallClient,
  { signal, onProgress }: PreCallTestOptions,
  surroundings: PreCallSurroundings,
): PreCallTest {
  const internals = internalsOf(client);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError('The signal must be an AbortSignal.');
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function.');
  }
  internals.assertUsable();
  const progress = new Emitter<{ stage: [PreCallStage] }>();
  if (onProgress !== undefined) {
    progress.on('stage', onProgress);
  }
  const onStage = (stage: PreCallStage): void => progress.emit('stage', stage);
  const { stop, release } = stopWith(client, internals, signal);

  // Later than the return, so that nobody hears of a test that they have not got yet.
  const begun = Promise.resolve().then(() => onStage('Browser'));
  const browserSupport = begun.then(() => findBrowserSupport(surroundings.page));
  const devices = browserSupport.then(() => {
    onStage('Devices');

    return findDevices(client.deviceManager);
  });
  const reachability = devices.then(() => {
    onStage('Reachability');

    return findReachability(internals, stop, onStage);
  });
  const media = reachability.then((): Promise<Measured> => {
    onStage('Media');

    return measureLoop(client, internals, stop, surroundings.openSyntheticMedia);
  });
  const finish = async (): Promise<void> => {
    await media;
    release();
    onStage('Finished');
  };
  void finish();

  return {
    id: randomId(),
    browserSupport,
    deviceAccess: devices.then(({ access }) => access),
    deviceEnumeration: devices.then(({ enumeration }) => enumeration),
    reachability,
    bandwidth: media.then(bandwidthOf),
    inCallDiagnostics: media.then(diagnosticsOf),
    callMediaStatistics: media.then(statisticsOf),
  };
}

function internalsOf(client: CallClient): ClientInternals {
  const internals = (client as { [clientInternals]?: ClientInternals } | undefined)?.[clientInternals];
  if (internals === undefined) {
    throw new TypeError('startPreCallTest() takes a client that CallClientFactory has made.');
  }

  return internals;
}

/** What is to be stopped when the application wants it, and when the connection is lost, and the server's probe with it. */
function stopWith(
  client: CallClient,
  internals: ClientInternals,
  signal: AbortSignal | undefined,
): { stop: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(new Stopped('aborted'));
  const unsubscribe = client.on('connectionStateChanged', () => {
    if (client.connectionState !== 'Connected') {
      try {
        internals.assertUsable();
        controller.abort(new Stopped(client.disconnectReason?.code ?? 'unavailable'));
      } catch (error) {
        controller.abort(error);
      }
    }
  });
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) {
    onAbort();
  }

  return {
    stop: controller.signal,
    release: () => {
      unsubscribe();
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
