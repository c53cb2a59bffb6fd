import { Toast } from 'radix-ui';
import { CircleAlert, Info, X } from 'lucide-react';
import type { Notices } from '../state/Notices.ts';
import { useStore } from '../state/useStore.ts';
import { texts } from '../texts.ts';
import styles from './Toasts.module.css';

/** How long a message stays; long enough to read two lines. */
const stayMs = 6000;

interface ToastsProps {
  notices: Notices;
  /** A call has its buttons at the bottom, every other screen has fields everywhere but at the top. */
  side: 'top' | 'aboveControls';
}

export function Toasts({ notices, side }: ToastsProps) {
  const shown = useStore(notices);

  return (
    <Toast.Provider duration={stayMs} swipeDirection="right">
      {shown.map(({ id, title, detail, link, tone }) => (
        <Toast.Root
          key={id}
          className={styles['toast']}
          data-tone={tone}
          {...(link === undefined ? {} : { duration: Infinity })}
          type={tone === 'problem' ? 'foreground' : 'background'}
          onOpenChange={(isOpen) => {
            if (!isOpen) {
              notices.dismiss(id);
            }
          }}
        >
          {tone === 'problem' ? <CircleAlert size={20} aria-hidden /> : <Info size={20} aria-hidden />}
          <div className={styles['words']}>
            <Toast.Title className={styles['title']}>{title}</Toast.Title>
            {detail === undefined ? undefined : (
              <Toast.Description className={styles['detail']}>{detail}</Toast.Description>
            )}
            {link === undefined ? undefined : (
              <textarea
                className={styles['link']}
                aria-label={title}
                readOnly
                rows={2}
                value={link}
                onFocus={({ target }) => target.select()}
                // Marking text is no swipe.
                onPointerDown={(event) => event.stopPropagation()}
              />
            )}
          </div>
          {link === undefined ? undefined : (
            <Toast.Close className={styles['close']} aria-label={texts.home.dismiss}>
              <X size={18} aria-hidden />
            </Toast.Close>
          )}
        </Toast.Root>
      ))}
      <Toast.Viewport className={styles['viewport']} data-side={side} />
    </Toast.Provider>
  );
}
