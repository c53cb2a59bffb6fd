import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Logo } from '../ui/Logo.tsx';
import styles from './DoorLayout.module.css';

/** People of the picture; names for their colours alone. */
const pictured = ['Noor', 'Ines', 'Alice', 'Ravi'] as const;

/** What stands beside every way in: the name of the house and a picture of what happens inside. */
export function DoorLayout({ children }: { children: ReactNode }) {
  return (
    <div className={styles['door']}>
      <aside className={styles['claim']}>
        <Logo />
        <div className={styles['picture']} aria-hidden="true">
          {pictured.map((name) => (
            <span key={name} className={styles['tile']}>
              <Avatar name={name} size={72} />
            </span>
          ))}
        </div>
        <div className={styles['words']}>
          <p className={styles['sentence']}>{texts.door.claim}</p>
          <p className={styles['detail']}>{texts.door.claimDetail}</p>
        </div>
      </aside>
      <main className={styles['way']}>
        <div className={styles['card']}>{children}</div>
      </main>
    </div>
  );
}
