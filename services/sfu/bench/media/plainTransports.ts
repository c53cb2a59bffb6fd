import { randomBytes } from 'node:crypto';
import type { types } from 'mediasoup';
import type { OpenTransports } from '../../src/media/ParticipantTransports.ts';
import { transportsWithoutIce } from '../../test/support/transportsWithoutIce.ts';
import { cryptoSuite, masterKeyBytes, masterSaltBytes } from './Srtp.ts';

export interface PlainSender {
  readonly port: number;
  /** Base64. */
  readonly key: string;
}

const host = '127.0.0.1';

/** Small, so that a worker which falls behind loses packets at once and not when the kernel can hold no more of them. */
const recvBufferSize = 64 * 1024;

/**
 * Transports that take and give SRTP without ICE and DTLS, so that one process can stand in for many participants. What
 * the worker does for each packet is the same.
 */
export async function openPlainSender(
  router: types.Router,
): Promise<{ transport: types.PlainTransport; key: string }> {
  const key = randomKey();
  const transport = await openPlain(router, true);
  await transport.connect({ srtpParameters: { cryptoSuite, keyBase64: key } });

  return { transport, key };
}

export async function openPlainReceiver(router: types.Router, port: number): Promise<types.PlainTransport> {
  const transport = await openPlain(router, false);
  await transport.connect({ ip: host, port, srtpParameters: { cryptoSuite, keyBase64: randomKey() } });

  return transport;
}

/** In place of those of WebRTC clients; `onOpened` is told where each participant is to send to. */
export function plainTransports(options: {
  readonly onOpened: (participantId: string, sender: PlainSender) => void;
  /** Where the packets to the next participant go. */
  readonly nextPort: () => number;
}): OpenTransports {
  return async ({ site, participantId }) => {
    const { transport: send, key } = await openPlainSender(site.router);
    const receive = await openPlainReceiver(site.router, options.nextPort());
    options.onOpened(participantId, { port: send.tuple.localPort, key });

    return transportsWithoutIce({ send, receive });
  };
}

function openPlain(router: types.Router, comedia: boolean): Promise<types.PlainTransport> {
  return router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: host, recvBufferSize },
    rtcpMux: true,
    comedia,
    enableSrtp: true,
    srtpCryptoSuite: cryptoSuite,
  });
}

function randomKey(): string {
  return randomBytes(masterKeyBytes + masterSaltBytes).toString('base64');
}
