import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import type { DiagnosticBoard } from './DiagnosticBoard.ts';
import type { MediaDiagnosticValues } from './diagnosticTypes.ts';

/** Follows which devices there are. @param listsSpeakers Whether the browser lists all speakers. */
export function watchDeviceLists(
  host: Pick<CallFeatureHost, 'devices' | 'onEnd' | 'watchCaptures'>,
  board: DiagnosticBoard<MediaDiagnosticValues>,
  listsSpeakers: boolean,
): void {
  const { devices } = host;
  let latest = 0;
  const look = async (): Promise<void> => {
    latest += 1;
    const run = latest;
    const listed = await devices.enumerateDevices();
    const isListed = (wanted: MediaDeviceKind): boolean => listed.some(({ kind }) => kind === wanted);
    if (run === latest) {
      board.set('noMicrophoneDevicesEnumerated', !isListed('audioinput'));
      // Some list speakers as they name microphones: to a page that may use one.
      const areSpeakersListed =
        listsSpeakers && listed.some(({ kind, label }) => kind === 'audioinput' && label !== '');
      board.set('noSpeakerDevicesEnumerated', areSpeakersListed && !isListed('audiooutput'));
    }
  };
  // Where devices cannot be listed nothing can be said of them.
  const lookSoon = (): void => void look().catch(() => {});
  host.onEnd(devices.onDeviceChange(lookSoon));
  host.onEnd(host.watchCaptures((_wanted, opening) => void opening.then(lookSoon, () => {})));
  lookSoon();
}
