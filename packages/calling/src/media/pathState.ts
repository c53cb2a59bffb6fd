/** How the media of a call reaches the server: `failed` does not come back by itself, `disconnected` may. */
export type PathState = 'connected' | 'disconnected' | 'failed';

/** States of one peer connection; `new` while nothing goes through it. */
type TransportState = RTCPeerConnectionState;

/** The state of the path over several transports, of which the worst counts; undefined while it is being found. */
export function pathStateOf(states: readonly TransportState[]): PathState | undefined {
  const inUse = states.filter((state) => state !== 'new' && state !== 'closed');
  if (inUse.includes('failed')) {
    return 'failed';
  }
  if (inUse.includes('disconnected')) {
    return 'disconnected';
  }

  return inUse.length > 0 && inUse.every((state) => state === 'connected') ? 'connected' : undefined;
}

/** Follows the transports of a session and tells when the state of the path has changed. */
export function followPath(
  transportCount: number,
  onChanged: (state: PathState) => void,
): (transport: number, state: TransportState) => void {
  const states = Array.from<TransportState>({ length: transportCount }).fill('new');
  let told: PathState | undefined;

  return (transport, state) => {
    states[transport] = state;
    const path = pathStateOf(states);
    if (path !== undefined && path !== told) {
      told = path;
      onChanged(path);
    }
  };
}
