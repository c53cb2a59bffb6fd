import { Disposer } from '@parley/kit';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { EntryChange } from '../stats/rtcStats.ts';
import type { StatsEntry } from '../stats/rtcStats.ts';
import type { StatsLook } from '../stats/StatsWatch.ts';
import type { DiagnosticBoard } from './DiagnosticBoard.ts';
import type { MediaDiagnosticValues } from './diagnosticTypes.ts';
import { Lasting } from './Lasting.ts';
import { sourceOf } from './sourceOf.ts';
import { SpeechMeter } from './SpeechMeter.ts';

const raiseMs = 10_000;

/** Energy a second of nothing but zeros, or hardly more: 90 dB below full scale. Any room is louder. */
const silence = 1e-9;

/** Follows the microphone; to be called with each look at the statistics. */
export function watchMicrophone(
  host: CallFeatureHost,
  board: DiagnosticBoard<MediaDiagnosticValues>,
): (look: StatsLook | undefined) => void {
  const { call, clock, devices } = host;
  const dead = new Lasting(raiseMs);
  const silent = new Lasting(raiseMs);
  let track: MediaStreamTrack | undefined;
  let meter: SpeechMeter | undefined;
  let ofTrack = new Disposer();
  let before: StatsEntry | undefined;
  const followMute = (): void => {
    meter?.dispose();
    meter = undefined;
    board.set('speakingWhileMicrophoneIsMuted', false);
    if (track?.readyState === 'live' && call.isMuted) {
      meter = new SpeechMeter(track, devices, (isSpeaking) =>
        board.set('speakingWhileMicrophoneIsMuted', isSpeaking),
      );
    }
    board.set('microphoneMuteUnexpectedly', track?.muted === true && !call.isMuted);
  };
  const followTrack = (next: MediaStreamTrack | undefined): void => {
    ofTrack.dispose();
    ofTrack = new Disposer();
    track = next;
    if (next !== undefined) {
      board.set('microphoneNotFunctioning', false);
      const onEnded = (): void => {
        board.set('microphoneNotFunctioning', true);
        followMute();
      };
      for (const [event, follow] of [
        ['mute', followMute],
        ['unmute', followMute],
        ['ended', onEnded],
      ] as const) {
        next.addEventListener(event, follow);
        ofTrack.add(() => next.removeEventListener(event, follow));
      }
    }
    followMute();
  };
  host.onEnd(() => {
    ofTrack.dispose();
    meter?.dispose();
  });
  host.onEnd(call.on('isMutedChanged', followMute));
  host.onEnd(host.watchMicrophone(followTrack));

  return (look) => {
    const source = sourceOf(look, 'microphone');
    const change = source === undefined ? undefined : new EntryChange(source, before);
    before = source;
    const isDue = track?.muted === false && track.readyState === 'live';
    const duration = isDue ? change?.grown('totalSamplesDuration') : undefined;
    const energy = change?.grown('totalAudioEnergy');
    const isSilent =
      duration !== undefined && duration > 0 && energy !== undefined && energy < silence * duration;
    board.set('microphoneNotMuteButSilent', silent.take(isSilent, clock.now()));
    if (dead.take(duration === 0, clock.now())) {
      board.set('microphoneNotFunctioning', true);
    } else if (duration !== undefined && duration > 0) {
      board.set('microphoneNotFunctioning', false);
    }
  };
}
