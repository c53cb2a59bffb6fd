import { useId, type ComponentProps } from 'react';
import { classes } from './classes.ts';
import styles from './TextField.module.css';

interface TextFieldProps extends ComponentProps<'input'> {
  label: string;
  hint?: string;
  /** The label is for screen readers only: what stands around the field says it to the eye. */
  hidesLabel?: boolean;
}

export function TextField({ label, hint, hidesLabel = false, ...rest }: TextFieldProps) {
  const id = useId();

  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={classes(styles['label'], hidesLabel && 'visually-hidden')}>
        {label}
      </label>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        {...rest}
        id={id}
        className={styles['input']}
      />
      {hint === undefined ? undefined : (
        <p id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}
