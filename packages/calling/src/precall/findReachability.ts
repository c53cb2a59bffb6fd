import type { ClientInternals } from '../client/clientInternals.ts';
import type { PreCallStage, Reachability, WayReachability } from './precallTypes.ts';
import { Probe, type Candidate } from './Probe.ts';
import { causeOf } from './stopping.ts';
import { tryWay, unreached } from './tryWay.ts';

type Found = { -readonly [Way in keyof Reachability]?: WayReachability };

/** Which ways lead to the server. What could not be tried says why; it never rejects. */
export async function findReachability(
  internals: ClientInternals,
  stop: AbortSignal,
  onStage: (stage: PreCallStage) => void,
): Promise<Reachability> {
  const found: Found = {};
  let rest = unreached('NotTested', 'internal');
  try {
    const hasTurn = await Probe.during(internals, stop, async (probe) => {
      const note = async (protocol: 'udp' | 'tcp', trying: Promise<WayReachability>): Promise<void> => {
        const way = await trying;
        if (!stop.aborted) {
          found[protocol] = way;
        }
      };
      // Both at once: a probe has two transports, and each takes one association.
      await Promise.all([
        note('udp', tryDirect(probe, internals, 'udp', 'sendTransport')),
        note('tcp', tryDirect(probe, internals, 'tcp', 'receiveTransport')),
      ]);

      return turnServersOf(probe).length > 0;
    });
    if (hasTurn) {
      onStage('Relay');
      found.relay = await Probe.during(internals, stop, (probe) =>
        tryWay(probe, internals.clock, {
          iceServers: turnServersOf(probe),
          iceTransportPolicy: 'relay',
        }),
      );
    } else {
      found.relay = unreached('NotOffered', 'no_turn_server');
    }
  } catch (error) {
    rest = unreached('NotTested', causeOf(error));
  }

  return { udp: rest, tcp: rest, relay: rest, ...found };
}

async function tryDirect(
  probe: Probe,
  { clock, media }: ClientInternals,
  protocol: 'udp' | 'tcp',
  over: 'sendTransport' | 'receiveTransport',
): Promise<WayReachability> {
  const isOfferedBy = (candidate: Candidate): boolean => candidate.protocol === protocol;
  if (media.iceTransportPolicy === 'relay') {
    return unreached('NotOffered', 'relay_only');
  }

  return probe.media[over].iceCandidates.some(isOfferedBy)
    ? tryWay(probe, clock, { over, candidates: isOfferedBy })
    : unreached('NotOffered', 'no_candidate');
}

function turnServersOf({ media: { iceServers = [] } }: Probe) {
  return iceServers.filter(({ urls }) => [urls].flat().some((url) => /^turns?:/i.test(url)));
}
