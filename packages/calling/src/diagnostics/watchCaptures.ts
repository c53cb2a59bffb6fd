import type { Timer } from '@parley/kit';
import type { LocalDevice, MediaDeviceError } from '../devices/MediaDeviceError.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import type { DiagnosticBoard } from './DiagnosticBoard.ts';
import type { MediaDiagnosticValues } from './diagnosticTypes.ts';

const startTimeoutMs = 10_000;

/** Follows how it goes when devices are opened. */
export function watchCaptures(host: CallFeatureHost, board: DiagnosticBoard<MediaDiagnosticValues>): void {
  const { call, clock, devices } = host;
  /** For a camera. */
  const waiting = new Set<Timer>();
  host.onEnd(() => waiting.forEach((timer) => timer.cancel()));
  const opened = (device: LocalDevice): void => {
    for (const name of failuresOf[device]) {
      board.set(name, false);
    }
  };
  const failed = async (device: LocalDevice, error: MediaDeviceError): Promise<void> => {
    const deniedBy = error.code === 'permission_denied' ? await denierOf(device, error, devices) : undefined;
    if (device === 'screen') {
      // A person who chooses nothing is in the browser's words one who denies.
      board.set('capturerStartFailed', deniedBy !== 'browser');
      board.set('screenshareRecordingDisabled', deniedBy === 'system');
    } else if (deniedBy !== undefined) {
      board.set(`${device}PermissionDenied`, true, { deniedBy });
    } else if (device === 'microphone') {
      board.set('microphoneNotFunctioning', true);
    } else {
      board.set(hasTimedOut(error) ? 'cameraStartTimedOut' : 'cameraStartFailed', true);
    }
  };
  const waitForCamera = async (opening: Promise<unknown>): Promise<void> => {
    const permission = await devices.queryPermission('camera');
    // Else a person is being asked, who may take any time.
    if (permission?.state === 'granted' && call.state !== 'Disconnected') {
      const timer = clock.schedule(startTimeoutMs, () => board.set('cameraStartTimedOut', true));
      waiting.add(timer);
      await opening.catch(() => {});
      timer.cancel();
      waiting.delete(timer);
    }
  };

  host.onEnd(
    host.watchCaptures((wanted, opening) => {
      opening.then(
        () => wanted.forEach(opened),
        (error: MediaDeviceError) => {
          // Where several fail together, each is tried alone.
          if (wanted.length === 1) {
            void failed(error.device, error);
          }
        },
      );
      if (wanted.includes('camera')) {
        void waitForCamera(opening);
      }
    }),
  );
  followPermission(host, board, 'microphone');
  followPermission(host, board, 'camera');
  // Who has said no to both is not asked for each.
  host.onEnd(
    call.on('mediaDeviceFailed', (error) => {
      if (error.code === 'permission_denied') {
        void failed(error.device, error);
      }
    }),
  );
}

/** Who has followed the hint need not try again to be rid of it. */
function followPermission(
  host: CallFeatureHost,
  board: DiagnosticBoard<MediaDiagnosticValues>,
  device: 'microphone' | 'camera',
): void {
  const follow = async (): Promise<void> => {
    const status = await host.devices.queryPermission(device);
    const lower = (): void => {
      if (status?.state !== 'denied') {
        board.set(`${device}PermissionDenied`, false);
      }
    };
    status?.addEventListener('change', lower);
    host.onEnd(() => status?.removeEventListener('change', lower));
  };
  void follow();
}

const failuresOf = {
  microphone: ['microphonePermissionDenied', 'microphoneNotFunctioning'],
  camera: ['cameraPermissionDenied', 'cameraStartFailed', 'cameraStartTimedOut', 'cameraStoppedUnexpectedly'],
  screen: ['capturerStartFailed', 'capturerStoppedUnexpectedly', 'screenshareRecordingDisabled'],
} as const satisfies Record<LocalDevice, readonly (keyof MediaDiagnosticValues)[]>;

/** Chromium says it in words; elsewhere a browser that permits what is denied all the same has asked the system. */
async function denierOf(
  device: LocalDevice,
  error: MediaDeviceError,
  devices: CallFeatureHost['devices'],
): Promise<'browser' | 'system'> {
  if (/system/i.test(messageOfCause(error))) {
    return 'system';
  }
  const permission = device === 'screen' ? undefined : await devices.queryPermission(device);

  return permission?.state === 'granted' ? 'system' : 'browser';
}

function hasTimedOut(error: MediaDeviceError): boolean {
  return /time.?out/i.test(messageOfCause(error));
}

function messageOfCause({ cause }: MediaDeviceError): string {
  return cause instanceof Error || cause instanceof DOMException ? cause.message : '';
}
