import type { ChangedCallSettings } from '@parley/protocol';
import type { CallLimits } from './calls/callLimits.ts';
import type { ChangedMediaLimits } from './media/mediaLimits.ts';
import type { RequestCosts } from './signaling/requestCosts.ts';
import type { TurnConfig } from './turn/iceServers.ts';
import type { LoadLimits } from './workers/loadLimits.ts';

/** What the operator decides for one sfu node. The caller reads it from wherever it is kept. */
export interface SfuConfig {
  /** Names this node to the others, in presence and in logs. */
  readonly nodeId: string;
  /** Where clients reach the platform: the issuer of its tokens, and an origin that may always connect. */
  readonly publicUrl: string;
  /** Where clients reach this very node, when there are several; otherwise as the platform. */
  readonly nodeUrl?: string | undefined;
  /** Addresses and subnets whose `X-Forwarded-For` names the client that is counted; none by default. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Handshakes of one address that may fail within a minute; 1000 by default. */
  readonly addressHandshakesPerMinute?: number | undefined;
  /** Sockets of one address that may wait to be admitted at a time; 500 by default. */
  readonly anonymousSocketsPerAddress?: number | undefined;
  /** Time for a socket to open and to bring its token; 5 s by default. */
  readonly handshakeSeconds?: number | undefined;
  /** The largest request, bytes of JSON; 64 KiB by default, and never more than a frame. */
  readonly requestBytes?: number | undefined;
  /** Units that requests take of those their connection has; `standardRequestCosts` says what is not said here. */
  readonly requestCosts?: Partial<RequestCosts> | undefined;
  /**
   * A folder of this node alone, in which its live calls outlive the process: started again within a minute, it goes on
   * with them. Without one they end with it.
   */
  readonly stateDir?: string | undefined;
  /** Path of a mediasoup-worker of the same version as the npm package. */
  readonly workerBin: string;
  /** Worker processes; by default one for each core the process may use. */
  readonly workerCount?: number | undefined;
  /** The local address that media is received on; a wildcard also needs `announcedAddress`. */
  readonly listenAddress: string;
  /** The address or host name clients are told instead of `listenAddress`, as behind NAT. */
  readonly announcedAddress?: string | undefined;
  /** The range, both ends included, that each worker takes one port from, for UDP and TCP alike. */
  readonly rtcMinPort: number;
  readonly rtcMaxPort: number;
  /** Whether AV1 is offered to clients as well; it is not by default. */
  readonly hasAv1?: boolean | undefined;
  /** How calls behave here unless their application wants it otherwise. */
  readonly callSettings?: ChangedCallSettings | undefined;
  /** Where clients find a path that have no straight one. */
  readonly turn?: TurnConfig | undefined;
  /** What one participant may send and receive; `standardMediaLimits` says what is not said here. */
  readonly mediaLimits?: ChangedMediaLimits | undefined;
  /** What one call may be asked for; `standardCallLimits` says what is not said here. */
  readonly callLimits?: Partial<CallLimits> | undefined;
  /** What is done when a worker has much to do; `standardLoadLimits` says what is not said here. */
  readonly loadLimits?: Partial<LoadLimits> | undefined;
  /** How often it is told who speaks; mediasoup looks no oftener than every 250 ms. 300 ms by default. */
  readonly speakerIntervalMs?: number | undefined;
}

export const defaultSpeakerIntervalMs = 300;

/** An office that comes back behind one address passes; whoever guesses tokens does not get far. */
export const defaultAddressHandshakesPerMinute = 1_000;

/** An office that comes back at once passes: each waits for as long as looking at a token takes. */
export const defaultAnonymousSocketsPerAddress = 500;

/** Enough for a phone on a bad network, too little for holding many sockets without a token. */
export const defaultHandshakeSeconds = 5;
