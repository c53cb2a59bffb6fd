import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createDeferred } from '@parley/kit';
import type { MediaOffer, TransportParameters } from '@parley/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
import { addressOffer } from './support/plainTransports.ts';
import { vp8Parameters } from './support/rtpParameters.ts';

const sentSsrc = 7_777;
const packetBytes = 1_100;

let world: MediaWorld;
let sender: Socket;
let receiver: Socket;
const timers: NodeJS.Timeout[] = [];

beforeEach(async () => {
  world = await startMediaWorld({ workerCount: 1, beatMs: 100 });
  [sender, receiver] = [createSocket('udp4'), createSocket('udp4')];
  for (const socket of [sender, receiver]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
});

afterEach(async () => {
  timers.splice(0).forEach((timer) => clearInterval(timer));
  sender.close();
  receiver.close();
  await world[Symbol.asyncDispose]();
});

function every(ms: number, task: () => void): void {
  timers.push(setInterval(task, ms));
}

function offerOf(socket: Socket): MediaOffer {
  return {
    rtpCapabilities: world.media.routerRtpCapabilities,
    dtlsFingerprints: [addressOffer(socket.address().port)],
  };
}

/** Sends a stream of pictures, 2.6 Mbit/s. */
function sendPicture(to: TransportParameters): void {
  const port = to.iceCandidates[0]?.port;
  let sequence = 0;
  every(10, () => {
    for (let packets = 0; packets < 3; packets += 1) {
      sequence += 1;
      const packet = Buffer.alloc(packetBytes);
      packet.writeUInt16BE(0x80_e0);
      packet.writeUInt16BE(sequence & 0xff_ff, 2);
      packet.writeUInt32BE(sequence * 300, 4);
      packet.writeUInt32BE(sentSsrc, 8);
      // RFC 7741: each begins a key frame.
      packet.set([0x10, 0x10, 2, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xb4, 0], 12);
      sender.send(packet, port, '127.0.0.1');
    }
  });
}

/** RFC 4585 6.2.1: these have not arrived, of the last so many before that one. */
function nackOf(ssrc: number, last: number, packets: number): Buffer {
  const items = Math.ceil(packets / 17);
  const nack = Buffer.alloc(12 + 4 * items);
  nack.writeUInt16BE(0x81_cd);
  nack.writeUInt16BE(2 + items, 2);
  nack.writeUInt32BE(ssrc, 8);
  for (let item = 0; item < items; item += 1) {
    nack.writeUInt16BE((last - 17 * (item + 1)) & 0xff_ff, 12 + 4 * item);
    nack.writeUInt16BE(0xff_ff, 14 + 4 * item);
  }

  return nack;
}

/** RFC 3550 6.4.2: the sender's report has come in this moment, so that the round trip takes no time. */
function reportOn(ssrc: number, senderReport: Buffer): Buffer {
  const report = Buffer.alloc(32);
  report.writeUInt16BE(0x81_c9);
  report.writeUInt16BE(7, 2);
  report.writeUInt32BE(ssrc, 8);
  senderReport.copy(report, 24, 10, 14);
  report.writeUInt32BE(1, 28);

  return report;
}

it('a receiver who says again and again that everything was lost does not make the worker send it on and on', async () => {
  const exceeding = createDeferred<string>();
  const { media } = await world.createCall({ onExcess: (id) => exceeding.resolve(id) });
  const [alice, mallory] = [
    await media.addParticipant('alice', offerOf(sender)),
    await media.addParticipant('mallory', offerOf(receiver)),
  ];
  const { codecs } = vp8Parameters();
  const producerId = await alice.produce({
    transportId: alice.parameters.sendTransport.id,
    source: 'camera',
    paused: false,
    rtpParameters: { mid: '1', codecs, encodings: [{ ssrc: sentSsrc, rtx: { ssrc: sentSsrc + 1 } }] },
  });
  const { consumers } = await mallory.consume([producerId]);
  await mallory.resumeConsumers(consumers.map(({ id }) => id));
  const ssrc = consumers[0]?.rtpParameters.encodings?.[0]?.ssrc ?? 0;
  const back = mallory.parameters.receiveTransport.iceCandidates[0]?.port;
  let last: number | undefined;
  receiver.on('message', (packet) => {
    if (packet.readUInt8(1) === 200 && packet.readUInt32BE(4) === ssrc) {
      receiver.send(reportOn(ssrc, packet), back, '127.0.0.1');
    } else if (packet.readUInt32BE(8) === ssrc) {
      last = packet.readUInt16BE(2);
    }
  });
  sendPicture(alice.parameters.sendTransport);
  every(4, () => {
    if (last !== undefined) {
      receiver.send(nackOf(ssrc, last, 500), back, '127.0.0.1');
    }
  });

  expect(await exceeding.promise).toBe('mallory');
});
