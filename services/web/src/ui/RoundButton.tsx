import type { ComponentProps, ReactNode } from 'react';
import { Tooltip } from 'radix-ui';
import { classes } from './classes.ts';
import styles from './RoundButton.module.css';

interface RoundButtonProps extends ComponentProps<'button'> {
  /** The button's name, which its tooltip shows too. */
  label: string;
  icon: ReactNode;
  tone?: 'plain' | 'off' | 'on' | 'danger';
  /** On a picture, where it must be seen on any colour. */
  isOnPicture?: boolean;
  shortcut?: { readonly keys: string; readonly aria: string } | undefined;
}

/** A button that is an icon, with a tooltip for the eye and a name for everybody else. */
export function RoundButton({
  label,
  icon,
  tone = 'plain',
  isOnPicture = false,
  shortcut,
  className,
  ...rest
}: RoundButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          aria-keyshortcuts={shortcut?.aria}
          {...rest}
          className={classes(styles['button'], styles[tone], isOnPicture && styles['onPicture'], className)}
        >
          {icon}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={styles['tooltip']} side="top" sideOffset={10} collisionPadding={8}>
          {label}
          {shortcut === undefined ? undefined : <kbd className={styles['keys']}>{shortcut.keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
