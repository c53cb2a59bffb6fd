import { CloudOff, RotateCw } from 'lucide-react';
import { texts } from '../texts.ts';
import { Button } from '../ui/Button.tsx';
import styles from './WaitScreen.module.css';

/** The page has come, the server behind it has not. */
export function UnreachableScreen({ onTryAgain }: { onTryAgain: () => void }) {
  return (
    <main className={styles['screen']} role="alert">
      <CloudOff size={36} aria-hidden />
      <h1 className={styles['title']}>{texts.door.unreachable}</h1>
      <p>{texts.door.unreachableDetail}</p>
      <Button icon={<RotateCw size={17} aria-hidden />} onClick={onTryAgain}>
        {texts.door.tryAgain}
      </Button>
    </main>
  );
}
