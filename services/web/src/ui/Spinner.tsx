import { LoaderCircle } from 'lucide-react';
import styles from './Spinner.module.css';

/** Says that something is under way, beside words that say what. */
export function Spinner({ size }: { size: number }) {
  return <LoaderCircle className={styles['spinner']} size={size} aria-hidden="true" />;
}
