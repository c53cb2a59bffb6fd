import { texts } from '../texts.ts';
import styles from './Logo.module.css';

export function Logo() {
  return (
    <span className={styles['logo']}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect x="2" y="4" width="19" height="15" rx="5" className={styles['back']} />
        <path
          d="M16 13h9a5 5 0 0 1 5 5v5a5 5 0 0 1-5 5h-9a5 5 0 0 1-5-5v-5a5 5 0 0 1 5-5z"
          className={styles['front']}
        />
      </svg>
      {texts.product}
    </span>
  );
}
