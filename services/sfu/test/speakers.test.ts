import { createDeferred } from '@parley/kit';
import type { types } from 'mediasoup';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SiteSpeakers, type SiteSpeakersListener } from '../src/media/audio/SiteSpeakers.ts';
import { audioPacket } from './support/audioPacket.ts';
import { opusParameters } from './support/rtpParameters.ts';
import { startTestRouter, type TestRouter } from './support/testRouter.ts';

let site: TestRouter;
let speaking: NodeJS.Timeout | undefined;

beforeEach(async () => {
  site = await startTestRouter();
});

afterEach(async () => {
  clearInterval(speaking);
  await site[Symbol.asyncDispose]();
});

/** Has `loud`, `quiet` and `silent` speak; `isPausing` says when they take a breath, by the number of the packet. */
async function speak(
  listener: Partial<SiteSpeakersListener>,
  isPausing: (sequence: number) => boolean,
): Promise<void> {
  const speakers = await SiteSpeakers.open(site.router, 250, {
    onSpeakers: () => {},
    onDominantSpeaker: () => {},
    ...listener,
  });
  const transport = await site.directTransport();
  const voices = await Promise.all(
    [
      { participantId: 'quiet', db: 40 },
      { participantId: 'loud', db: 10 },
      { participantId: 'silent', db: 90 },
    ].map(async ({ participantId, db }, stream) => {
      const rtpParameters = opusParameters(stream) as types.RtpParameters;
      const producer = await transport.produce({ kind: 'audio', rtpParameters, appData: { participantId } });
      speakers.add(producer.id);

      return { producer, db, ssrc: rtpParameters.encodings?.[0]?.ssrc ?? 0 };
    }),
  );
  let sequence = 0;
  speaking = setInterval(() => {
    sequence += 1;
    for (const { producer, db, ssrc } of voices) {
      producer.send(audioPacket({ ssrc, sequence, db: isPausing(sequence) ? 90 : db }));
    }
  }, 10);
}

it('who speaks is told the loudest first, and that they have stopped', async () => {
  const heard: (readonly string[])[] = [];
  let wanted = createDeferred<void>();
  const onSpeakers = (participantIds: readonly string[]): void => {
    heard.push(participantIds);
    wanted.resolve();
  };
  await speak({ onSpeakers }, () => false);
  await wanted.promise;
  expect(heard).toEqual([['loud', 'quiet']]);

  wanted = createDeferred<void>();
  clearInterval(speaking);
  await wanted.promise;
  expect(heard).toEqual([['loud', 'quiet'], []]);
});

it('whoever speaks up holds the floor', async () => {
  const dominant = createDeferred<void>();
  const onDominantSpeaker = (participantId: string): void => {
    if (participantId === 'loud') {
      dominant.resolve();
    }
  };
  // What goes on without a pause is taken for noise.
  await speak({ onDominantSpeaker }, (sequence) => sequence % 60 >= 40);

  await expect(dominant.promise).resolves.toBeUndefined();
});
