import { createDeferred, type Clock } from '@parley/kit';
import type { MediaSession } from '../media/MediaPort.ts';
import type { Probe, SessionOptions } from './Probe.ts';
import type { PreCallCause, WayReachability } from './precallTypes.ts';
import { causeOf, Stopped, unless } from './stopping.ts';

/** How long a way is tried: over it a call would be connected by then, or tried again. */
export const wayLimitMs = 4_000;

export const unreached = (
  state: Exclude<WayReachability['state'], 'Reachable'>,
  cause: PreCallCause,
): WayReachability => ({ state, timeToConnectMs: undefined, cause });

/** Opens a session; resolves when it is connected, rejects with `Stopped` when it cannot be, or not in time. */
export async function connect(
  probe: Probe,
  clock: Clock,
  options: Omit<SessionOptions, 'onPathChanged'>,
  begin: (session: MediaSession) => Promise<unknown>,
): Promise<MediaSession> {
  const connected = createDeferred<void>();
  const timer = clock.schedule(wayLimitMs, () => connected.reject(new Stopped('timed_out')));
  try {
    const session = probe.open({
      ...options,
      onPathChanged: (path) => {
        if (path === 'connected') {
          connected.resolve();
        } else if (path === 'failed') {
          connected.reject(new Stopped('failed'));
        }
      },
    });
    begin(session).catch((error: unknown) => connected.reject(error));
    await unless(probe.stop, connected.promise);

    return session;
  } finally {
    timer.cancel();
  }
}

/** Whether anything gets through by the addresses and servers in `options`. Rejects only when the test is stopped. */
export async function tryWay(
  probe: Probe,
  clock: Clock,
  options: Omit<SessionOptions, 'onPathChanged'>,
): Promise<WayReachability> {
  const beganAtMs = clock.now();
  try {
    // A data channel is the least that opens a peer connection; nothing is sent over it.
    const session = await connect(probe, clock, options, (opened) => opened.sendData('lossy'));
    session.close();

    return { state: 'Reachable', timeToConnectMs: clock.now() - beganAtMs, cause: undefined };
  } catch (error) {
    return unreached('NotReachable', causeOf(error));
  }
}
