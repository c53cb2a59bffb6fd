import { Mic, MicOff, MonitorUp, MonitorX, PhoneOff, Video, VideoOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from '../state/useStore.ts';
import { texts } from '../texts.ts';
import { RoundButton } from '../ui/RoundButton.tsx';
import { canSend, canShare } from './abilities.ts';
import type { CallView } from './callView.ts';
import styles from './ControlBar.module.css';
import type { OwnMedia } from './OwnMedia.ts';
import type { Shortcuts } from './shortcuts.ts';

interface ControlBarProps {
  view: CallView;
  media: OwnMedia;
  shortcuts: Shortcuts;
  isLeaving: boolean;
  onLeave: () => void;
  onEndForEveryone: (() => void) | undefined;
  children: ReactNode;
}

/** What one can do in a call, at the bottom where the hand is. */
export function ControlBar({
  view,
  media,
  shortcuts,
  isLeaving,
  onLeave,
  onEndForEveryone,
  children,
}: ControlBarProps) {
  const { isCameraComing, microphoneFailure } = useStore(media);
  const hasCamera = view.camera !== undefined || isCameraComing;
  const isSilent = view.isMuted || microphoneFailure !== undefined;

  return (
    <div className={styles['bar']} role="group" aria-label={texts.call.controls}>
      {canSend(view, 'sendAudio') ? (
        <RoundButton
          label={isSilent ? texts.call.unmute : texts.call.mute}
          icon={isSilent ? <MicOff size={21} /> : <Mic size={21} />}
          tone={isSilent ? 'off' : 'plain'}
          shortcut={shortcuts.microphone}
          onClick={() => void media.toggleMicrophone()}
        />
      ) : undefined}
      {canSend(view, 'sendVideo') ? (
        <RoundButton
          label={hasCamera ? texts.call.stopCamera : texts.call.startCamera}
          icon={hasCamera ? <Video size={21} /> : <VideoOff size={21} />}
          tone={hasCamera ? 'plain' : 'off'}
          shortcut={shortcuts.camera}
          onClick={() => void media.toggleCamera()}
        />
      ) : undefined}
      {canShare(view) ? (
        <RoundButton
          label={view.isScreenSharingOn ? texts.call.stopSharing : texts.call.shareScreen}
          icon={view.isScreenSharingOn ? <MonitorX size={21} /> : <MonitorUp size={21} />}
          tone={view.isScreenSharingOn ? 'on' : 'plain'}
          shortcut={shortcuts.share}
          onClick={() => void media.toggleShare()}
        />
      ) : undefined}
      {children}
      <span className={styles['divider']} />
      <RoundButton
        label={texts.call.leave}
        icon={<PhoneOff size={21} />}
        tone="danger"
        shortcut={shortcuts.leave}
        disabled={isLeaving}
        onClick={onLeave}
      />
      {onEndForEveryone === undefined ? undefined : (
        <button type="button" className={styles['end']} disabled={isLeaving} onClick={onEndForEveryone}>
          {texts.call.endForAll}
        </button>
      )}
    </div>
  );
}
