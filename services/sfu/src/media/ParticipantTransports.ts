import type { MediaOffer, MediaParameters, RestartedIce } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { CallSite } from './CallSite.ts';
import type { MediaLimits } from './mediaLimits.ts';
import { toTransportParameters } from './rtpMapping.ts';
import { transportOptions } from './transportOptions.ts';

/** What one participant sends and receives over, at one site; another pair takes its place when the call moves. */
export interface ParticipantTransports {
  readonly send: types.Transport;
  readonly receive: types.Transport;
  readonly parameters: Pick<MediaParameters, 'sendTransport' | 'receiveTransport'>;
  restartIce(): Promise<RestartedIce>;
  /** Told when the client is reached, or reaches us, by another path than before; packets were lost until then. */
  onRerouted(listener: (direction: 'send' | 'receive') => void): void;
  /** Idempotent. */
  close(): void;
}

export interface TransportsOptions {
  readonly site: CallSite;
  readonly participantId: string;
  readonly offer: MediaOffer;
  readonly limits: MediaLimits;
}

/** Opens a participant's transports; rejects, with nothing left open, when the offer or the worker does not let it. */
export type OpenTransports = (options: TransportsOptions) => Promise<ParticipantTransports>;

/** Those of a WebRTC client, which may connect to both at once. */
export const openWebRtcTransports: OpenTransports = async ({ site, offer, limits }) => {
  const opened = await Promise.allSettled([
    openTransport(site, offer, (transport) => transport.setMaxIncomingBitrate(limits.incomingBitrate)),
    openTransport(site, offer, () => undefined),
  ]);
  const [send, receive] = opened;
  if (send.status === 'fulfilled' && receive.status === 'fulfilled') {
    return new WebRtcTransports(send.value, receive.value);
  }
  for (const outcome of opened) {
    if (outcome.status === 'fulfilled') {
      outcome.value.close();
    }
  }
  throw opened.find((outcome) => outcome.status === 'rejected')?.reason;
};

class WebRtcTransports implements ParticipantTransports {
  readonly send: types.WebRtcTransport;
  readonly receive: types.WebRtcTransport;

  constructor(send: types.WebRtcTransport, receive: types.WebRtcTransport) {
    this.send = send;
    this.receive = receive;
  }

  get parameters(): ParticipantTransports['parameters'] {
    return {
      sendTransport: toTransportParameters(this.send),
      receiveTransport: toTransportParameters(this.receive),
    };
  }

  async restartIce(): Promise<RestartedIce> {
    const [sendIceParameters, receiveIceParameters] = await Promise.all([
      this.send.restartIce(),
      this.receive.restartIce(),
    ]);

    return { sendIceParameters, receiveIceParameters };
  }

  onRerouted(listener: (direction: 'send' | 'receive') => void): void {
    for (const direction of ['send', 'receive'] as const) {
      const transport = this[direction];
      let hadPath = transport.iceSelectedTuple !== undefined;
      transport.on('iceselectedtuplechange', () => {
        if (hadPath) {
          listener(direction);
        }
        hadPath = true;
      });
    }
  }

  close(): void {
    this.send.close();
    this.receive.close();
  }
}

/** The client opens the DTLS association (RFC 5763: it is active), so both ends may start without a further word. */
async function openTransport(
  { router, worker }: CallSite,
  offer: MediaOffer,
  limit: (transport: types.WebRtcTransport) => Promise<void> | undefined,
): Promise<types.WebRtcTransport> {
  const transport = await router.createWebRtcTransport(
    transportOptions(worker.webRtcServer, { hasDataChannels: offer.sctpStreams !== undefined }),
  );
  // The worker compares with its own upper-case spelling; RFC 8122 lets the client choose.
  const fingerprints = offer.dtlsFingerprints.map(({ algorithm, value }) => ({
    algorithm,
    value: value.toUpperCase(),
  }));

  try {
    await Promise.all([
      transport.connect({ dtlsParameters: { role: 'client', fingerprints } }),
      limit(transport),
    ]);
  } catch (error) {
    transport.close();
    throw error;
  }

  return transport;
}
