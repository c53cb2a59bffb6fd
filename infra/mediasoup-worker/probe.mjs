/**
 * Talks to a worker binary as the installed mediasoup package does: `probe.mjs FILE`. Exits with 0 when each asked
 * for the other's language; with a worker of another version it fails or hangs, so whoever runs this sets a limit.
 *
 * A process of its own because mediasoup offers no way to give up on a worker that never says it runs.
 */
import process from 'node:process';
import * as mediasoup from 'mediasoup';

const workerBin = process.argv[2];

const worker = await mediasoup.createWorker({ logLevel: 'none', ...(workerBin ? { workerBin } : {}) });
const server = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: '127.0.0.1' }] });
const router = await worker.createRouter({
  mediaCodecs: [
    { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
    { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  ],
});
const transport = await router.createWebRtcTransport({ webRtcServer: server });
const observer = await router.createAudioLevelObserver();

// Messages laid out in another way decode into other values, not into errors: compare what is known.
const [workerDump, routerDump, transportDump] = await Promise.all([
  worker.dump(),
  router.dump(),
  transport.dump(),
]);
if (
  workerDump.pid !== worker.pid ||
  workerDump.webRtcServerIds[0] !== server.id ||
  routerDump.id !== router.id ||
  routerDump.rtpObserverIds[0] !== observer.id ||
  transportDump.id !== transport.id
) {
  throw new Error('The worker answers in another protocol.');
}
worker.close();
