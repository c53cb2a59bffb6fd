import type { ReactNode } from 'react';
import { ChevronDown } from 'lucide-react';
import { texts } from '../texts.ts';
import styles from './DevicePickers.module.css';

interface PickerProps<Device> {
  label: string;
  icon: ReactNode;
  /** Undefined while they are not known yet. */
  devices: readonly Device[] | undefined;
  /** Undefined where the browser has the choice. */
  selected: string | undefined;
  /** What a device is called whose name the browser keeps back. */
  unnamed: string;
  /** What the browser's own choice is called. */
  automatic: string;
  none: string;
  onChoose: (device: Device) => void;
}

/**
 * One device out of several. A native select: a phone shows its own wheel, and unlike a built one it needs no
 * inline style, which the page's Content-Security-Policy refuses.
 */
export function Picker<Device extends { readonly id: string; readonly name: string }>({
  label,
  icon,
  devices,
  selected,
  unnamed,
  automatic,
  none,
  onChoose,
}: PickerProps<Device>) {
  // Where there is but one, the browser has no choice.
  const inUse = selected ?? (devices?.length === 1 ? devices[0]?.id : undefined);

  return (
    <label className={styles['picker']}>
      {icon}
      <span className="visually-hidden">{label}</span>
      <select
        className={styles['select']}
        value={inUse ?? ''}
        disabled={devices === undefined || devices.length === 0}
        onChange={({ target }) => {
          const device = devices?.find(({ id }) => id === target.value);
          if (device !== undefined) {
            onChoose(device);
          }
        }}
      >
        {inUse === undefined && devices !== undefined && devices.length > 0 ? (
          // Not the first device: it may not be the one in use, and could not be chosen if it seemed to be.
          <option value="">{automatic}</option>
        ) : undefined}
        {devices?.map(({ id, name }, index) => (
          <option key={id} value={id}>
            {name === '' ? `${unnamed} ${index + 1}` : name}
          </option>
        ))}
        {devices?.length === 0 ? <option value="">{none}</option> : undefined}
        {devices === undefined ? <option value="">{texts.loading}</option> : undefined}
      </select>
      <ChevronDown className={styles['chevron']} size={16} aria-hidden />
    </label>
  );
}
