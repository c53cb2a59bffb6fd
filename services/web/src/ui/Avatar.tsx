import type { CSSProperties } from 'react';
import styles from './Avatar.module.css';
import { hueOf, initialsOf } from './avatarText.ts';
import { classes } from './classes.ts';

/** Somebody without a picture: initials on a colour that is always theirs. Its text is for the eye only. */
export function Avatar({
  name,
  size,
  isPulsing = false,
}: {
  name: string;
  /** Diameter in CSS pixels. */
  size: number;
  isPulsing?: boolean;
}) {
  // A custom property is none of the CSS properties that React's type lists.
  const style = { '--hue': hueOf(name), width: size, height: size, fontSize: size * 0.38 } as CSSProperties;

  return (
    <span
      className={classes(styles['avatar'], isPulsing && styles['pulsing'])}
      style={style}
      aria-hidden="true"
    >
      {initialsOf(name)}
    </span>
  );
}
