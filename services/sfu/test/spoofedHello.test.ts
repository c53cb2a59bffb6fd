import { createSocket } from 'node:dgram';
import { expect, it } from 'vitest';
import { startTestSfu } from './support/testSfu.ts';
import { WebRtcClient } from './support/WebRtcClient.ts';

it('a stranger’s DTLS ClientHello during a handshake does not kill it', async () => {
  await using sfu = await startTestSfu();
  await sfu.putRoom({ roomId: 'room' });
  const alice = await sfu.connect('alice');
  const { routerRtpCapabilities } = await alice.welcome();
  const stranger = createSocket('udp4');
  const client = await WebRtcClient.create();
  const { media } = await alice.enter('joinRoom', {
    roomId: 'room',
    media: client.offer(routerRtpCapabilities),
  });
  const [candidate] = media.sendTransport.iceCandidates;
  if (candidate === undefined) {
    throw new Error('There is nowhere to send to.');
  }
  const begun = Promise.withResolvers<void>();
  const flood = setInterval(() => {
    for (const packet of [clientHello(), fatalAlert()]) {
      stranger.send(packet, candidate.port, candidate.address, () => begun.resolve());
    }
  }, 1);

  try {
    await begun.promise;
    expect(await client.connect(media.sendTransport)).toBe('connected');
  } finally {
    clearInterval(flood);
    stranger.close();
    client.close();
  }
});

/** RFC 6347: the first message of a handshake, as a client would send it that the server does not know. */
function clientHello(): Buffer {
  const cipherSuites = [0xc02b, 0xc02f, 0xc00a, 0xc014];
  const body = Buffer.concat([
    Buffer.from([0xfe, 0xfd]), // DTLS 1.2
    Buffer.alloc(32, 7), // random
    Buffer.from([0, 0]), // neither session id nor cookie
    uint16(cipherSuites.length * 2),
    ...cipherSuites.map(uint16),
    Buffer.from([1, 0]), // no compression
  ]);
  const handshake = Buffer.concat([
    Buffer.from([1]), // client_hello
    uint24(body.length),
    uint16(0),
    uint24(0),
    uint24(body.length),
    body,
  ]);

  return record(22, handshake);
}

/** Whoever takes this for the peer's word ends the association. */
function fatalAlert(): Buffer {
  return record(21, Buffer.from([2, 40]));
}

function record(contentType: number, content: Buffer): Buffer {
  const header = Buffer.concat([Buffer.from([contentType, 0xfe, 0xfd]), Buffer.alloc(8)]);

  return Buffer.concat([header, uint16(content.length), content]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

function uint24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}
