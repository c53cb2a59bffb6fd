import { DoorOpen, Phone, Users } from 'lucide-react';
import type { CallTarget } from '../meeting/outcome.ts';
import type { Session } from '../session/Session.ts';
import type { WebConfig } from '../session/webConfig.ts';
import type { Notices } from '../state/Notices.ts';
import { texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { AskForm } from './AskForm.tsx';
import { CopyLinkButton } from './CopyLinkButton.tsx';
import styles from './PlacesPanel.module.css';

interface PlacesPanelProps {
  session: Session;
  ownId: string;
  demo: WebConfig['demo'];
  notices: Notices;
  /** What was asked for last and does not exist. */
  mistyped: CallTarget | undefined;
  /** Nothing can be called now. */
  isHeld: boolean;
  onCall: (target: CallTarget) => void;
}

/** Whom one can ring and where one can go: for a guest, the one room of the link. */
export function PlacesPanel({ session, ownId, demo, notices, mistyped, isHeld, onCall }: PlacesPanelProps) {
  if (session.kind === 'guest') {
    const { roomId, roomName } = session;

    return (
      <section className={styles['card']}>
        <h2 className={styles['heading']}>{roomName ?? texts.home.theRoom}</h2>
        <Button
          tone="primary"
          isWide
          icon={<DoorOpen size={18} aria-hidden />}
          disabled={isHeld}
          onClick={() => onCall({ kind: 'room', id: roomId, name: roomName })}
        >
          {texts.home.joinAgain}
        </Button>
      </section>
    );
  }

  return (
    <>
      <section className={styles['card']} aria-labelledby="ring-title">
        <h2 id="ring-title" className={styles['heading']}>
          {texts.home.ringTitle}
        </h2>
        {demo?.users
          .filter(({ id }) => id !== ownId)
          .map(({ id, displayName }) => (
            <div key={id} className={styles['suggestion']}>
              <Avatar name={displayName} size={44} />
              <div className={styles['who']}>
                <p className={styles['name']}>{displayName}</p>
                <p className={styles['about']}>{id}</p>
              </div>
              <Button
                tone="primary"
                icon={<Phone size={18} aria-hidden />}
                disabled={isHeld}
                onClick={() => onCall({ kind: 'person', id, name: displayName })}
              >
                {texts.home.callSomebody(displayName)}
              </Button>
            </div>
          ))}
        <AskForm
          label={texts.home.personId}
          placeholder={texts.home.personPlaceholder}
          action={texts.home.call}
          icon={<Phone size={18} aria-hidden />}
          initial={mistyped?.kind === 'person' ? mistyped.id : ''}
          isHeld={isHeld}
          onSubmit={(id) => onCall({ kind: 'person', id })}
        />
      </section>

      <section className={styles['card']} aria-labelledby="room-title">
        <h2 id="room-title" className={styles['heading']}>
          {texts.home.roomTitle}
        </h2>
        {demo === undefined ? undefined : (
          <>
            <div className={styles['suggestion']}>
              <span className={styles['roomMark']}>
                <Users size={21} aria-hidden />
              </span>
              <div className={styles['who']}>
                <p className={styles['name']}>{texts.home.demoRoom}</p>
                <p className={styles['about']}>{texts.home.demoRoomDetail}</p>
              </div>
            </div>
            <div className={styles['pair']}>
              <Button
                tone="primary"
                icon={<DoorOpen size={18} aria-hidden />}
                disabled={isHeld}
                onClick={() => onCall({ kind: 'room', id: demo.room.id, name: texts.home.demoRoom })}
              >
                {texts.home.joinDemoRoom}
              </Button>
              <CopyLinkButton link={demo.room.guestLink} notices={notices} />
            </div>
          </>
        )}
        <AskForm
          label={texts.home.roomId}
          placeholder={texts.home.roomPlaceholder}
          action={texts.home.joinRoom}
          icon={<DoorOpen size={18} aria-hidden />}
          initial={mistyped?.kind === 'room' ? mistyped.id : ''}
          isHeld={isHeld}
          onSubmit={(id) => onCall({ kind: 'room', id })}
        />
      </section>
    </>
  );
}
