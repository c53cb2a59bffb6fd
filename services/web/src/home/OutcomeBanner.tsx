import { CircleAlert, PhoneOff, RotateCw, X } from 'lucide-react';
import type { Outcome } from '../meeting/outcome.ts';
import { endWords, texts } from '../texts.ts';
import { Button } from '../ui/Button.tsx';
import { RoundButton } from '../ui/RoundButton.tsx';
import { useFocusOnMount } from '../ui/useFocusOnMount.ts';
import styles from './OutcomeBanner.module.css';

interface OutcomeBannerProps {
  outcome: Outcome;
  /** Nothing can be called now. */
  isHeld: boolean;
  onAgain: () => void;
  onDismiss: () => void;
}

/** How the last call ended, and the way back into it. */
export function OutcomeBanner({ outcome, isHeld, onAgain, onDismiss }: OutcomeBannerProps) {
  const { title, detail } = endWords(outcome);
  const isCalm = outcome.reason === 'hangup' || outcome.reason === 'ended_for_everyone';
  const focus = useFocusOnMount<HTMLDivElement>();

  return (
    <div
      ref={focus}
      className={styles['banner']}
      role="status"
      tabIndex={-1}
      data-end-reason={outcome.reason}
      data-calm={isCalm}
    >
      <span className={styles['mark']}>
        {isCalm ? <PhoneOff size={20} aria-hidden /> : <CircleAlert size={20} aria-hidden />}
      </span>
      <div className={styles['words']}>
        <p className={styles['title']}>{title}</p>
        <p className={styles['detail']}>{detail}</p>
      </div>
      {outcome.reason === 'not_found' ? undefined : (
        <Button icon={<RotateCw size={17} aria-hidden />} disabled={isHeld} onClick={onAgain}>
          {outcome.target.kind === 'person' ? texts.home.callAgain : texts.home.rejoin}
        </Button>
      )}
      <RoundButton
        className={styles['dismiss']}
        label={texts.home.dismiss}
        icon={<X size={18} />}
        onClick={onDismiss}
      />
    </div>
  );
}
