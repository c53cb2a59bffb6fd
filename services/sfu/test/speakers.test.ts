import { createDeferred, systemClock } from '@parley/kit';
import { locateWorker } from '@parley/setup';
import type { types } from 'mediasoup';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchSpeakers } from '../src/media/watchSpeakers.ts';
import { WorkerPool } from '../src/workers/WorkerPool.ts';
import { audioPacket } from './support/audioPacket.ts';
import { opusParameters } from './support/rtpParameters.ts';

let pool: WorkerPool;
let router: types.Router;

beforeAll(async () => {
  pool = await WorkerPool.create({
    workerBin: await locateWorker(),
    workerCount: 1,
    listenAddress: '127.0.0.1',
    announcedAddress: undefined,
    rtcMinPort: 43_000,
    rtcMaxPort: 43_999,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  });
  router = await pool.leastLoaded().createRouter();
});

afterAll(async () => {
  await pool.close();
});

it('who speaks is told the loudest first, and that they have stopped', async () => {
  const heard: string[][] = [];
  let wanted = createDeferred<void>();
  const observer = await watchSpeakers(router, 250, (participantIds) => {
    heard.push(participantIds);
    wanted.resolve();
  });
  const transport = await router.createDirectTransport();
  const voices = await Promise.all(
    [
      { participantId: 'quiet', db: 40 },
      { participantId: 'loud', db: 10 },
      { participantId: 'silent', db: 90 },
    ].map(async ({ participantId, db }, stream) => {
      const rtpParameters = opusParameters(stream) as types.RtpParameters;
      const producer = await transport.produce({ kind: 'audio', rtpParameters, appData: { participantId } });
      await observer.addProducer({ producerId: producer.id });

      return { producer, db, ssrc: rtpParameters.encodings?.[0]?.ssrc ?? 0 };
    }),
  );

  let sequence = 0;
  const speaking = setInterval(() => {
    sequence += 1;
    for (const { producer, db, ssrc } of voices) {
      producer.send(audioPacket({ ssrc, sequence, db }));
    }
  }, 10);
  await wanted.promise;
  expect(heard).toEqual([['loud', 'quiet']]);

  wanted = createDeferred<void>();
  clearInterval(speaking);
  await wanted.promise;
  expect(heard).toEqual([['loud', 'quiet'], []]);
});
