import { Toast } from 'radix-ui';
import { CircleAlert, Info } from 'lucide-react';
import type { Notices } from '../state/Notices.ts';
import { useStore } from '../state/useStore.ts';
import styles from './Toasts.module.css';

/** How long a message stays; long enough to read two lines. */
const stayMs = 6000;

export function Toasts({ notices }: { notices: Notices }) {
  const shown = useStore(notices);

  return (
    <Toast.Provider duration={stayMs} swipeDirection="right">
      {shown.map(({ id, title, detail, tone }) => (
        <Toast.Root
          key={id}
          className={styles['toast']}
          data-tone={tone}
          type={tone === 'problem' ? 'foreground' : 'background'}
          onOpenChange={(isOpen) => {
            if (!isOpen) {
              notices.dismiss(id);
            }
          }}
        >
          {tone === 'problem' ? <CircleAlert size={20} aria-hidden /> : <Info size={20} aria-hidden />}
          <div>
            <Toast.Title className={styles['title']}>{title}</Toast.Title>
            {detail === undefined ? undefined : (
              <Toast.Description className={styles['detail']}>{detail}</Toast.Description>
            )}
          </div>
        </Toast.Root>
      ))}
      <Toast.Viewport className={styles['viewport']} />
    </Toast.Provider>
  );
}
