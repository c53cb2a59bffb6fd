import type { MediaOffer, RtpCapabilities, TransportParameters } from '@parley/protocol';

type ConnectionState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** As far as it is used here. The package's own types lean on those of the DOM, which servers have not. */
interface PeerConnection {
  readonly connectionState: ConnectionState;
  onconnectionstatechange: (() => void) | null;
  createDataChannel(label: string): unknown;
  createOffer(): Promise<Description>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  close(): void;
}

interface Wrtc {
  readonly RTCPeerConnection: new () => PeerConnection;
}

/** One real WebRTC transport, ICE and DTLS, which carries nothing but its own association. */
export class WebRtcClient {
  readonly #connection: PeerConnection;
  readonly #offer: Description;

  private constructor(connection: PeerConnection, offer: Description) {
    this.#connection = connection;
    this.#offer = offer;
  }

  static async create(): Promise<WebRtcClient> {
    const { default: wrtc } = (await import('@roamhq/wrtc')) as unknown as { default: Wrtc };
    const connection = new wrtc.RTCPeerConnection();
    connection.createDataChannel('association');

    return new WebRtcClient(connection, await connection.createOffer());
  }

  /** The client's half of entering a call. */
  offer(rtpCapabilities: RtpCapabilities): MediaOffer {
    const value = /^a=fingerprint:sha-256 (.*)\r$/m.exec(this.#offer.sdp)?.[1] ?? '';

    return { rtpCapabilities, dtlsFingerprints: [{ algorithm: 'sha-256', value }] };
  }

  /** Resolves with the state that the attempt ends in, over that protocol alone. */
  async connect(transport: TransportParameters, protocol: 'udp' | 'tcp' = 'udp'): Promise<ConnectionState> {
    const { promise: settled, resolve } = Promise.withResolvers<ConnectionState>();
    this.#connection.onconnectionstatechange = () => {
      const { connectionState } = this.#connection;
      if (connectionState !== 'new' && connectionState !== 'connecting') {
        resolve(connectionState);
      }
    };
    await this.#connection.setLocalDescription(this.#offer);
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answerOf(transport, protocol) });

    return settled;
  }

  close(): void {
    this.#connection.close();
  }
}

/** RFC 8829: the transport as the answer to an offer of one data channel. */
function answerOf(
  { iceParameters, iceCandidates, dtlsParameters }: TransportParameters,
  only: 'udp' | 'tcp',
): string {
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const candidates = iceCandidates
    .filter(({ protocol }) => protocol === only)
    .map(
      ({ foundation, priority, address, port, tcpType }) =>
        `a=candidate:${foundation} 1 ${only} ${priority} ${address} ${port} typ host${tcpType === undefined ? '' : ` tcptype ${tcpType}`}`,
    );

  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:sha-256 ${fingerprint?.value ?? ''}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    ...candidates,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}
