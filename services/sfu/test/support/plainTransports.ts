import type { TransportParameters } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { OpenTransports } from '../../src/media/ParticipantTransports.ts';
import { transportsWithoutIce } from './transportsWithoutIce.ts';

/** The extension by which a client without ICE says where it receives, hidden in the place of its fingerprint. */
export function addressOffer(port: number): { algorithm: 'sha-256'; value: string } {
  const octets = [port >> 8, port & 0xff].map((octet) => octet.toString(16).padStart(2, '0'));

  return { algorithm: 'sha-256', value: octets.join(':') };
}

/**
 * Transports of plain RTP between this process and the worker: what is sent and received is counted packet by packet,
 * without a WebRTC client at the other end. The port of each stands where a candidate would.
 */
export const openPlainTransports: OpenTransports = async ({ site, offer }) => {
  const [high = '0', low = '0'] = offer.dtlsFingerprints[0]?.value.split(':') ?? [];
  const open = async (): Promise<types.PlainTransport> =>
    site.router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: true,
    });
  const [send, receive] = await Promise.all([open(), open()]);
  const port = Number.parseInt(high, 16) * 256 + Number.parseInt(low, 16);
  await Promise.all([send, receive].map((transport) => transport.connect({ ip: '127.0.0.1', port })));

  return transportsWithoutIce({ send, receive }, candidatesOf);
};

function candidatesOf({ tuple }: types.PlainTransport): TransportParameters['iceCandidates'] {
  return [
    {
      foundation: 'none',
      priority: 1,
      ip: tuple.localAddress,
      address: tuple.localAddress,
      protocol: 'udp',
      port: tuple.localPort,
      type: 'host',
    },
  ];
}
