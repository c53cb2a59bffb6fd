import { Disposer } from '@parley/kit';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import type { StatsLook } from '../stats/StatsWatch.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { DiagnosticBoard } from './DiagnosticBoard.ts';
import type { MediaDiagnosticValues } from './diagnosticTypes.ts';
import { Lasting } from './Lasting.ts';
import { sourceOf } from './sourceOf.ts';

const freezeMs = 5_000;

const stopped = { Video: 'cameraStoppedUnexpectedly', ScreenSharing: 'capturerStoppedUnexpectedly' } as const;

/** Follows the camera and the screen that are sent; to be called with each look at the statistics. */
export function watchPictures(
  host: CallFeatureHost,
  board: DiagnosticBoard<MediaDiagnosticValues>,
): (look: StatsLook | undefined) => void {
  const { call, clock } = host;
  const freeze = new Lasting(freezeMs);
  const followed = new Map<LocalVideoStream, Disposer>();
  /** That have ended by themselves. */
  const ended = new WeakSet<LocalVideoStream>();
  let frames: number | undefined;
  const followTracks = (stream: LocalVideoStream): void => {
    const cleanups = new Disposer();
    followed.get(stream)?.dispose();
    followed.set(stream, cleanups);
    cleanups.add(stream.on('mediaStreamChanged', () => followTracks(stream)));
    board.set(stopped[stream.type], false);
    for (const track of stream.mediaStream.getVideoTracks()) {
      // Browsers mute what the system has taken away.
      const follow = (): void => board.set(stopped[stream.type], track.readyState === 'ended' || track.muted);
      const onEnded = (): void => void ended.add(stream);
      track.addEventListener('ended', onEnded);
      cleanups.add(() => track.removeEventListener('ended', onEnded));
      follow();
      for (const event of ['ended', 'mute', 'unmute']) {
        track.addEventListener(event, follow);
        cleanups.add(() => track.removeEventListener(event, follow));
      }
    }
  };
  call.localVideoStreams.forEach(followTracks);
  host.onEnd(
    call.on('localVideoStreamsUpdated', ({ added, removed }) => {
      for (const stream of removed) {
        followed.get(stream)?.dispose();
        followed.delete(stream);
        // The person has turned off what the system had taken.
        if (!ended.has(stream) && stream.mediaStream.getVideoTracks().some(({ muted }) => muted)) {
          board.set(stopped[stream.type], false);
        }
      }
      added.forEach(followTracks);
    }),
  );
  host.onEnd(() => followed.forEach((cleanups) => cleanups.dispose()));

  return (look) => {
    const source = sourceOf(look, 'camera');
    const now = source?.['frames'];
    const isStill = typeof now === 'number' && now === frames;
    frames = typeof now === 'number' ? now : undefined;
    board.set('cameraFreeze', freeze.take(isStill, clock.now()));
  };
}
