import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { NetworkQuality, type Quality } from '../stats/index.ts';
import type { StatsLook } from '../stats/StatsWatch.ts';
import type { DiagnosticBoard } from './DiagnosticBoard.ts';
import { DiagnosticQuality, type NetworkDiagnosticValues } from './diagnosticTypes.ts';
import { Lasting } from './Lasting.ts';

/** Browsers tell of every address of a TURN server that fails, also where another one of it works soon after. */
const relaysFailMs = 10_000;

/** Follows the network; to be called with each look at the statistics. */
export function watchNetwork(
  host: CallFeatureHost,
  board: DiagnosticBoard<NetworkDiagnosticValues>,
  isOnline: () => boolean,
): (look: StatsLook | undefined) => void {
  const quality = host.call.feature(NetworkQuality);
  const relaysFail = new Lasting(relaysFailMs);
  /** Of the present transports: it is gone from the statistics when it is not needed. */
  let wasRelaySeen = false;
  const follow = (name: 'networkSendQuality' | 'networkReceiveQuality', { level }: Quality): void => {
    if (level !== 'Unknown') {
      board.set(name, DiagnosticQuality[level]);
    }
  };
  const followConnection = (): void => {
    const { isConnectionLost, isPathBroken } = host.network;
    board.set('noNetwork', !isOnline() || (isConnectionLost && isPathBroken));
    if (isConnectionLost || isPathBroken) {
      board.set('networkReconnect', isConnectionLost ? DiagnosticQuality.Bad : DiagnosticQuality.Poor);
    } else if (board.getLatest().networkReconnect !== undefined) {
      board.set('networkReconnect', DiagnosticQuality.Good);
    }
  };
  host.onEnd(quality.on('sendChanged', () => follow('networkSendQuality', quality.send)));
  host.onEnd(quality.on('receiveChanged', () => follow('networkReceiveQuality', quality.receive)));
  host.onEnd(host.call.on('stateChanged', followConnection));
  follow('networkSendQuality', quality.send);
  follow('networkReceiveQuality', quality.receive);

  return (look) => {
    followConnection();
    const { hasRelayFailed } = host.network;
    wasRelaySeen = hasRelayFailed && (wasRelaySeen || hasRelay(look));
    const isMissing = hasRelayFailed && !wasRelaySeen;
    board.set('networkRelaysNotReachable', relaysFail.take(isMissing, host.clock.now()));
  };
}

function hasRelay(look: StatsLook | undefined): boolean {
  return [...(look?.reading.send.values() ?? []), ...(look?.reading.receive.values() ?? [])].some(
    ({ type, candidateType }) => type === 'local-candidate' && candidateType === 'relay',
  );
}
