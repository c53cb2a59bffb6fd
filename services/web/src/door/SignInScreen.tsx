import { useState } from 'react';
import { ArrowRight, CircleAlert } from 'lucide-react';
import type { Meeting } from '../meeting/Meeting.ts';
import type { Attempt } from '../meeting/place.ts';
import type { DemoUser, WebConfig } from '../session/webConfig.ts';
import { doorWords, texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './door.module.css';
import { DoorLayout } from './DoorLayout.tsx';

interface SignInScreenProps {
  meeting: Meeting;
  attempt: Attempt;
  config: WebConfig;
}

/** For people with an account; in demo mode, one click for each of the demo's people. */
export function SignInScreen({ meeting, attempt, config }: SignInScreenProps) {
  const { demo, publicKey } = config;
  const [clientId, setClientId] = useState(publicKey ?? '');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const isBusy = attempt.is === 'busy';
  const isBusyFor = (who: string): boolean => attempt.is === 'busy' && attempt.who === who;
  const continueAs = (user: DemoUser): void => {
    void meeting.signIn({ clientId, email: user.email, password: user.password });
  };

  return (
    <DoorLayout>
      {demo === undefined ? undefined : (
        <>
          <div className={styles['intro']}>
            <h1 className={styles['title']}>{texts.door.demoTitle}</h1>
            <p className={styles['lead']}>{texts.door.demoDetail}</p>
          </div>
          <div className={styles['people']}>
            {demo.users.map((user) => (
              <button
                key={user.id}
                type="button"
                className={styles['personButton']}
                disabled={isBusy}
                aria-busy={isBusyFor(user.email)}
                onClick={() => continueAs(user)}
              >
                <Avatar name={user.displayName} size={40} isPulsing={isBusyFor(user.email)} />
                <span>{texts.door.continueAs(user.displayName)}</span>
                <ArrowRight size={18} aria-hidden />
              </button>
            ))}
          </div>
          <p className={styles['or']}>{texts.door.orSignIn}</p>
        </>
      )}
      {demo === undefined ? <h1 className={styles['title']}>{texts.door.signIn}</h1> : undefined}
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void meeting.signIn({ clientId: clientId.trim(), email: email.trim(), password });
        }}
      >
        {publicKey === undefined ? (
          <TextField
            label={texts.door.applicationKey}
            hint={texts.door.applicationKeyHint}
            required
            value={clientId}
            onChange={({ target }) => setClientId(target.value)}
          />
        ) : undefined}
        <TextField
          label={texts.door.email}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
        <TextField
          label={texts.door.password}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        {attempt.is === 'refused' ? (
          <p className={styles['problem']} role="alert">
            <CircleAlert size={18} aria-hidden />
            {doorWords(attempt.code, false)}
          </p>
        ) : undefined}
        <Button
          type="submit"
          tone={demo === undefined ? 'primary' : 'plain'}
          isWide
          disabled={isBusy}
          isBusy={isBusyFor(email.trim())}
        >
          {isBusyFor(email.trim()) ? texts.door.signingIn : texts.door.signIn}
        </Button>
      </form>
    </DoorLayout>
  );
}
