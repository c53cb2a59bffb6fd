import { useState, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './PlacesPanel.module.css';

interface AskFormProps {
  label: string;
  placeholder: string;
  action: string;
  icon: ReactNode;
  /** What the field begins with, to be corrected. */
  initial: string;
  isHeld: boolean;
  onSubmit: (id: string) => void;
}

/** One id and what to do with it. */
export function AskForm({ label, placeholder, action, icon, initial, isHeld, onSubmit }: AskFormProps) {
  const [text, setText] = useState(initial);
  const id = text.trim();

  return (
    <form
      className={styles['ask']}
      onSubmit={(event) => {
        event.preventDefault();
        if (id !== '' && !isHeld) {
          onSubmit(id);
        }
      }}
    >
      <TextField
        label={label}
        hidesLabel
        placeholder={`${label}, ${placeholder}`}
        autoCapitalize="none"
        maxLength={256}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="submit" icon={icon} disabled={id === '' || isHeld}>
        {action}
      </Button>
    </form>
  );
}
