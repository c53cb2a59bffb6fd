import { LogOut } from 'lucide-react';
import type { Choices } from '../devices/choices.ts';
import type { Meeting } from '../meeting/Meeting.ts';
import type { CallTarget } from '../meeting/outcome.ts';
import type { Place } from '../meeting/place.ts';
import { useIsConnected } from '../session/useIsConnected.ts';
import type { WebConfig } from '../session/webConfig.ts';
import type { Notices } from '../state/Notices.ts';
import { texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Logo } from '../ui/Logo.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import { useFocusOnMount } from '../ui/useFocusOnMount.ts';
import styles from './HomeScreen.module.css';
import { OutcomeBanner } from './OutcomeBanner.tsx';
import { PlacesPanel } from './PlacesPanel.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';

interface HomeScreenProps {
  meeting: Meeting;
  home: Extract<Place, { at: 'home' }>;
  demo: WebConfig['demo'];
  notices: Notices;
  choices: Choices;
  onChoices: (choices: Choices) => void;
}

/** Before and after a call: the person's own picture, and whom to meet. */
export function HomeScreen({ meeting, home, demo, notices, choices, onChoices }: HomeScreenProps) {
  const { client, session, outcome } = home;
  const { id, displayName } = client.identity;
  const isGuest = session.kind === 'guest';
  const isConnected = useIsConnected(client);
  const focus = useFocusOnMount<HTMLHeadingElement>();
  const call = (target: CallTarget): void => meeting.call(target, choices);

  return (
    <div className={styles['screen']}>
      <header className={styles['header']}>
        <Logo />
        <div className={styles['person']}>
          <Avatar name={displayName} size={34} />
          <bdi className={styles['personName']}>{displayName}</bdi>
          {isGuest ? <span className={styles['badge']}>{texts.home.guestBadge}</span> : undefined}
          <Button tone="quiet" icon={<LogOut size={17} aria-hidden />} onClick={() => void meeting.signOut()}>
            {isGuest ? texts.home.leaveAsGuest : texts.home.signOut}
          </Button>
        </div>
      </header>
      <main className={styles['main']}>
        {outcome === undefined ? undefined : (
          <div className={styles['banner']}>
            <OutcomeBanner
              outcome={outcome}
              isHeld={!isConnected}
              onAgain={() => call(outcome.target)}
              onDismiss={() => meeting.dismissOutcome()}
            />
          </div>
        )}
        <div className={styles['preview']}>
          <PreviewPanel
            devices={client.deviceManager}
            notices={notices}
            name={displayName}
            choices={choices}
            onChoices={onChoices}
          />
        </div>
        <div className={styles['places']}>
          <div className={styles['greeting']}>
            <h1 ref={focus} className={styles['hello']} tabIndex={-1}>
              <bdi>{texts.home.hello(displayName)}</bdi>
            </h1>
            <p className={styles['lead']}>{isGuest ? texts.home.guestLead : texts.home.lead}</p>
          </div>
          <PlacesPanel
            session={session}
            ownId={id}
            demo={demo}
            notices={notices}
            mistyped={outcome?.reason === 'not_found' ? outcome.target : undefined}
            isHeld={!isConnected}
            onCall={call}
          />
        </div>
      </main>
      <p className={styles['connection']} role="status">
        {isConnected ? undefined : (
          <>
            <Spinner size={16} />
            <span>{texts.home.reconnecting}</span>
          </>
        )}
      </p>
    </div>
  );
}
