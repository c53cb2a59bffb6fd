import { createDeferred, type Clock } from '@parley/kit';
import type { ClientInternals } from '../client/clientInternals.ts';
import type { CallClient } from '../client/clientTypes.ts';
import type { MediaSession } from '../media/MediaPort.ts';
import { lacksPictures, readSample, type LoopSample } from './loopSamples.ts';
import type { PreCallCause } from './precallTypes.ts';
import { Probe } from './Probe.ts';
import { causeOf, Stopped, unless } from './stopping.ts';
import type { OpenSyntheticMedia, SyntheticMedia } from './syntheticMedia.ts';
import { connect } from './tryWay.ts';

/** For how long media is sent: the browser's estimate of the bandwidth has found its level by then. */
export const loopMs = 4_000;
export const sampleMs = 500;

/** What was counted, as far as it came. */
export interface Measured {
  readonly samples: readonly LoopSample[];
  /** Why there is nothing that says how much the network carries. */
  readonly bandwidthCause: PreCallCause | undefined;
  /** Why it came to an end before its time. */
  readonly cause: PreCallCause | undefined;
}

/**
 * Sends media to the server and back, and counts. Never rejects. While there is a call no picture is sent, and one that
 * begins has the network to itself.
 */
export async function measureLoop(
  client: CallClient,
  internals: ClientInternals,
  stop: AbortSignal,
  openSyntheticMedia: OpenSyntheticMedia,
): Promise<Measured> {
  const hasVideo = client.calls.length === 0;
  const interruption = new AbortController();
  const unsubscribe = client.on('callsUpdated', ({ added }) => {
    if (added.length > 0 && hasVideo) {
      interruption.abort(new Stopped('call_in_progress'));
    }
  });
  let synthetic: SyntheticMedia | undefined;
  const samples: LoopSample[] = [];
  let cause: PreCallCause | undefined;
  try {
    const opened = (synthetic = openSyntheticMedia({ hasVideo }));
    if (opened.audio === undefined && opened.video === undefined) {
      throw new Stopped(hasVideo ? 'no_media' : 'call_in_progress');
    }
    await Probe.during(internals, AbortSignal.any([stop, interruption.signal]), (probe) =>
      count(probe, internals.clock, opened, samples),
    );
  } catch (error) {
    cause = causeOf(error);
  } finally {
    synthetic?.close();
    unsubscribe();
  }
  if (!hasVideo || cause === 'call_in_progress') {
    return { samples, bandwidthCause: 'call_in_progress', cause };
  }
  const isMeasured = synthetic?.video !== undefined && !lacksPictures(samples);

  // Sound alone, or a picture now and then, is far below what any network carries.
  return { samples, bandwidthCause: samples.length > 0 && !isMeasured ? 'no_media' : undefined, cause };
}

async function count(
  probe: Probe,
  clock: Clock,
  synthetic: SyntheticMedia,
  samples: LoopSample[],
): Promise<void> {
  const { iceServers = [] } = probe.media;
  const session = await connect(probe, clock, { iceServers }, (opened) => loop(probe, opened, synthetic));
  for (let passedMs = 0; passedMs < loopMs; passedMs += sampleMs) {
    const passed = createDeferred<void>();
    const timer = clock.schedule(sampleMs, () => passed.resolve());
    await unless(probe.stop, passed.promise).finally(() => timer.cancel());
    samples.push(readSample(await session.getStats(), clock.now()));
  }
}

/** Connected when both peer connections are. */
async function loop(probe: Probe, session: MediaSession, { audio, video }: SyntheticMedia): Promise<void> {
  const tracks = [audio, video].filter((track) => track !== undefined);
  const consumers = await Promise.all(
    tracks.map(async (track) => {
      const kind = track.kind === 'audio' ? 'audio' : 'video';
      // As a screen is sent: in one encoding, of up to 2.5 Mbit/s.
      const { rtpParameters } = await session.send(track, kind === 'audio' ? 'microphone' : 'screen');

      return probe.loopBack(kind, rtpParameters);
    }),
  );
  await Promise.all(consumers.map((consumer) => session.receive(consumer, 'probe', () => {})));
}
