import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Joined } from '@parley/protocol';
import { expect, it } from 'vitest';
import { audioPacket } from './support/audioPacket.ts';
import { addressOffer, openPlainTransports } from './support/plainTransports.ts';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu } from './support/testSfu.ts';

const packetIntervalMs = 20;

/** A client without ICE: what it is to receive arrives at the socket. */
async function enter(client: TestClient, socket: Socket): Promise<Joined> {
  const { routerRtpCapabilities: rtpCapabilities } = await client.welcome();
  const dtlsFingerprints = [addressOffer(socket.address().port)];

  return client.enter('joinRoom', { roomId: 'room', media: { rtpCapabilities, dtlsFingerprints } });
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');

  return socket;
}

it('media of a participant whose connection is lost flows on until their place is given up', async () => {
  await using sfu = await startTestSfu(
    { callSettings: { reconnectSeconds: 5 } },
    { openTransports: openPlainTransports },
  );
  await sfu.putRoom({ roomId: 'room' });
  const [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
  const [ofAlice, ofBob] = [await openSocket(), await openSocket()];
  const { call, media } = await enter(alice, ofAlice);
  const callId = call.id;
  await enter(bob, ofBob);
  let received = 0;
  ofBob.on('message', (packet) => {
    // RFC 5761: RTCP comes by the same port.
    received += (packet[1] ?? 0) >= 192 && (packet[1] ?? 0) <= 223 ? 0 : 1;
  });

  const [{ ssrc = 0 } = {}] = opusParameters().encodings ?? [];
  let sequence = 0;
  const sending = setInterval(() => {
    sequence += 1;
    const port = media.sendTransport.iceCandidates[0]?.port;
    ofAlice.send(audioPacket({ ssrc, sequence, db: 30 }), port, '127.0.0.1');
  }, packetIntervalMs);
  await alice.request('produce', {
    callId,
    transportId: media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  });
  const { consumers } = await bob.next('consumersAdded');
  await bob.request('resumeConsumers', { callId, consumerIds: consumers.map(({ id }) => id) });
  await expect.poll(() => received).toBeGreaterThan(5);

  alice.drop();
  expect(await bob.next('participantStateChanged')).toMatchObject({ state: 'reconnecting' });
  const [heard, sent] = [received, sequence];
  // Three of the five seconds: nearly all that is sent arrives.
  await expect.poll(() => sequence - sent, { timeout: 10_000 }).toBeGreaterThan(150);
  expect(received - heard).toBeGreaterThan(135);

  expect(await bob.next('participantLeft')).toMatchObject({ reason: 'connection_lost' });
  const [heardThen, sentThen] = [received, sequence];
  await expect.poll(() => sequence - sentThen, { timeout: 10_000 }).toBeGreaterThan(50);
  expect(received - heardThen).toBeLessThan(10);

  clearInterval(sending);
  ofAlice.close();
  ofBob.close();
});
