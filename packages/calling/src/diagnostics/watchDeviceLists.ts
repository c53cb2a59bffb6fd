import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import type { DiagnosticBoard } from './DiagnosticBoard.ts';
import type { MediaDiagnosticValues } from './diagnosticTypes.ts';

/** Follows which devices there are. @param listsSpeakers Whether the browser lists all speakers. */
export function watchDeviceLists(
  host: Pick<CallFeatureHost, 'devices' | 'onEnd'>,
  board: DiagnosticBoard<MediaDiagnosticValues>,
  listsSpeakers: boolean,
): void {
  const { devices } = host;
  let latest = 0;
  const look = async (): Promise<void> => {
    latest += 1;
    const run = latest;
    const kinds = (await devices.enumerateDevices()).map(({ kind }) => kind);
    if (run === latest) {
      board.set('noMicrophoneDevicesEnumerated', !kinds.includes('audioinput'));
      board.set('noSpeakerDevicesEnumerated', listsSpeakers && !kinds.includes('audiooutput'));
    }
  };
  // Where devices cannot be listed nothing can be said of them.
  const lookSoon = (): void => void look().catch(() => {});
  host.onEnd(devices.onDeviceChange(lookSoon));
  lookSoon();
}
