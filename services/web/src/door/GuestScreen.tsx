import { useState } from 'react';
import { ArrowRight, CircleAlert } from 'lucide-react';
import type { Choices } from '../devices/choices.ts';
import { MediaToggles } from '../devices/MediaToggles.tsx';
import type { Meeting } from '../meeting/Meeting.ts';
import type { Attempt } from '../meeting/place.ts';
import { doorWords, texts } from '../texts.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './door.module.css';
import { DoorLayout } from './DoorLayout.tsx';

interface GuestScreenProps {
  meeting: Meeting;
  attempt: Attempt;
  choices: Choices;
  onChoices: (choices: Choices) => void;
}

/** For somebody with a guest link: a name is all it takes. */
export function GuestScreen({ meeting, attempt, choices, onChoices }: GuestScreenProps) {
  const [name, setName] = useState('');
  const isBusy = attempt.is === 'busy';

  return (
    <DoorLayout>
      <div className={styles['intro']}>
        <h1 className={styles['title']}>{texts.door.guestTitle}</h1>
        <p className={styles['lead']}>{texts.door.guestDetail}</p>
      </div>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') {
            void meeting.enterAsGuest(name.trim(), choices);
          }
        }}
      >
        <TextField
          label={texts.door.yourName}
          autoComplete="name"
          autoFocus
          required
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <div className={styles['toggles']}>
          <MediaToggles choices={choices} onChange={onChoices} />
          <p className={styles['togglesWords']}>{texts.door.comingWith(choices)}</p>
        </div>
        {attempt.is === 'refused' ? (
          <p className={styles['problem']} role="alert">
            <CircleAlert size={18} aria-hidden />
            {doorWords(attempt.code, true)}
          </p>
        ) : undefined}
        <Button
          type="submit"
          tone="primary"
          isWide
          disabled={isBusy}
          isBusy={isBusy}
          icon={<ArrowRight size={18} aria-hidden />}
        >
          {isBusy ? texts.door.joining : texts.door.joinAsGuest}
        </Button>
      </form>
    </DoorLayout>
  );
}
