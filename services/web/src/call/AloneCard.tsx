import { CopyLinkButton } from '../home/CopyLinkButton.tsx';
import type { Notices } from '../state/Notices.ts';
import { texts } from '../texts.ts';
import styles from './AloneCard.module.css';

/** For the first one in a room: how others come in. */
export function AloneCard({ link, notices }: { link: string | undefined; notices: Notices }) {
  return (
    <aside className={styles['card']}>
      <div>
        <p className={styles['title']}>{texts.call.alone}</p>
        {link === undefined ? undefined : <p className={styles['detail']}>{texts.call.aloneDetail}</p>}
      </div>
      {link === undefined ? undefined : <CopyLinkButton link={link} notices={notices} />}
    </aside>
  );
}
