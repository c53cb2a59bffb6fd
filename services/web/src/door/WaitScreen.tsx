import type { ReactNode } from 'react';
import { Spinner } from '../ui/Spinner.tsx';
import styles from './WaitScreen.module.css';

/** A moment without anything to do. */
export function WaitScreen({ children }: { children: ReactNode }) {
  return (
    <main className={styles['screen']} role="status">
      <Spinner size={28} />
      <p>{children}</p>
    </main>
  );
}
