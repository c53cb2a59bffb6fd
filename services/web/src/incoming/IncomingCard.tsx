import { Phone, PhoneOff, Video } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useRef, useState } from 'react';
import type { IncomingCall } from '@parley/calling';
import { texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { useTitle } from '../ui/useTitle.ts';
import styles from './IncomingCard.module.css';

interface IncomingCardProps {
  incomingCall: IncomingCall;
  onAccept: (withVideo: boolean) => Promise<void>;
  onDecline: () => void;
}

/** Somebody rings. The card lies over whatever the person is doing, and nothing but its buttons ends it. */
export function IncomingCard({ incomingCall, onAccept, onDecline }: IncomingCardProps) {
  const card = useRef<HTMLDivElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const { displayName } = incomingCall.callerInfo;
  useTitle(texts.incoming.announcement(displayName));

  function accept(withVideo: boolean): void {
    setIsBusy(true);
    void onAccept(withVideo).finally(() => setIsBusy(false));
  }

  return (
    <Dialog.Root open modal={false}>
      <Dialog.Portal>
        <Dialog.Content
          ref={card}
          className={styles['card']}
          aria-label={texts.incoming.title}
          aria-labelledby={undefined}
          onInteractOutside={(event) => event.preventDefault()}
          onEscapeKeyDown={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onOpenAutoFocus={(event) => {
            // The card itself takes the focus, not a button that a key already on its way would press; and
            // somebody who is writing goes on writing.
            event.preventDefault();
            if (!(document.activeElement instanceof HTMLInputElement)) {
              card.current?.focus();
            }
          }}
        >
          <Dialog.Title className="visually-hidden">{texts.incoming.title}</Dialog.Title>
          <Avatar name={displayName} size={64} isPulsing />
          <div className={styles['who']}>
            <p className={styles['name']}>
              <bdi>{displayName}</bdi>
            </p>
            <Dialog.Description className={styles['what']}>
              {incomingCall.kind === 'group' ? texts.incoming.callingGroup : texts.incoming.calling}
            </Dialog.Description>
          </div>
          <div className={styles['answers']}>
            <Button
              tone="danger"
              icon={<PhoneOff size={18} aria-hidden />}
              disabled={isBusy}
              onClick={onDecline}
            >
              {texts.incoming.decline}
            </Button>
            <Button
              icon={<Phone size={18} aria-hidden />}
              title={texts.incoming.acceptHint}
              disabled={isBusy}
              onClick={() => accept(false)}
            >
              {texts.incoming.accept}
            </Button>
            <Button
              tone="primary"
              icon={<Video size={18} aria-hidden />}
              title={texts.incoming.acceptWithVideoHint}
              disabled={isBusy}
              onClick={() => accept(true)}
            >
              {texts.incoming.acceptWithVideo}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
