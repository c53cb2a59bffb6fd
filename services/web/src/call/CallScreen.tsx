import { MonitorUp, WifiOff } from 'lucide-react';
import { useState } from 'react';
import { mayDo } from '@parley/protocol';
import type { Meeting } from '../meeting/Meeting.ts';
import type { Place } from '../meeting/place.ts';
import type { Notices } from '../state/Notices.ts';
import { useStore } from '../state/useStore.ts';
import { texts } from '../texts.ts';
import { AloneCard } from './AloneCard.tsx';
import styles from './CallScreen.module.css';
import { canSend, canShare } from './abilities.ts';
import { CallWatch } from './CallWatch.ts';
import { ControlBar } from './ControlBar.tsx';
import { DeviceMenu } from './DeviceMenu.tsx';
import { RingingStage } from './RingingStage.tsx';
import { shortcutsFor } from './shortcuts.ts';
import { Stage } from './Stage.tsx';
import { useAbsences } from './useAbsences.ts';
import { useShortcuts } from './useShortcuts.ts';

interface CallScreenProps {
  meeting: Meeting;
  place: Extract<Place, { at: 'call' }>;
  notices: Notices;
  /** Leads guests into the room that one is in. */
  guestLink: string | undefined;
}

/** A call from the first ring to its end. */
export function CallScreen({ meeting, place, notices, guestLink }: CallScreenProps) {
  const { call, client, target, media, isLeaving } = place;
  const [isApple] = useState(() => /Mac|iPhone|iPad/u.test(navigator.userAgent));
  const [shortcuts] = useState(() => shortcutsFor(isApple));
  const [watch] = useState(() => new CallWatch(call, client.identity.displayName));
  const view = useStore(watch);
  useAbsences(call, notices);
  useShortcuts(
    shortcuts,
    {
      microphone: () => {
        if (canSend(view, 'sendAudio')) {
          void media.toggleMicrophone();
        }
      },
      camera: () => {
        if (canSend(view, 'sendVideo')) {
          void media.toggleCamera();
        }
      },
      share: () => {
        if (canShare(view)) {
          void media.toggleShare();
        }
      },
      leave: () => void meeting.leave(),
    },
    isApple,
  );

  // Several callees are tiles that ring; a single one, and the door of a room, fill the screen.
  const isWaiting = !view.hasBegun && view.people.length < 2;
  const isAlone = view.state === 'Connected' && view.people.length === 0 && target.kind === 'room';
  const mayEnd = call.kind !== 'direct' && view.role !== undefined && mayDo(view.role, 'endForEveryone');

  return (
    <main className={styles['screen']}>
      <header className={styles['header']}>
        {isWaiting ? undefined : (
          <>
            <h1 className={styles['title']}>
              <bdi>{target.name ?? target.id}</bdi>
            </h1>
            {call.kind === 'direct' ? undefined : (
              <p className={styles['count']}>{texts.call.people(view.people.length + 1)}</p>
            )}
          </>
        )}
        {view.state === 'Reconnecting' ? (
          <p className={styles['mark']} role="status">
            <WifiOff size={16} aria-hidden />
            <span>{texts.call.reconnecting}</span>
          </p>
        ) : undefined}
        {view.isScreenSharingOn ? (
          <p className={styles['mark']} role="status">
            <MonitorUp size={16} aria-hidden />
            <span>{texts.call.sharing}</span>
          </p>
        ) : undefined}
      </header>
      <div className={styles['body']}>
        {isAlone ? <AloneCard link={guestLink} notices={notices} /> : undefined}
        {isWaiting ? <RingingStage view={view} target={target} /> : <Stage view={view} />}
      </div>
      <ControlBar
        view={view}
        media={media}
        shortcuts={shortcuts}
        isLeaving={isLeaving}
        onLeave={() => void meeting.leave()}
        onEndForEveryone={mayEnd ? () => void meeting.endForEveryone() : undefined}
      >
        <DeviceMenu devices={client.deviceManager} camera={view.camera} notices={notices} />
      </ControlBar>
    </main>
  );
}
