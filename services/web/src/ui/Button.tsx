import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';
import { classes } from './classes.ts';
import { Spinner } from './Spinner.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  tone?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: ReactNode;
  isBusy?: boolean;
  isWide?: boolean;
}

/** A button with words on it. */
export function Button({
  tone = 'plain',
  icon,
  isBusy = false,
  isWide = false,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy}
      {...rest}
      className={classes(styles['button'], styles[tone], isWide && styles['wide'], className)}
    >
      {isBusy ? <Spinner size={18} /> : icon}
      <span>{children}</span>
    </button>
  );
}
