import type { ReactNode } from 'react';
import { ChevronDown } from 'lucide-react';
import { texts } from '../texts.ts';
import styles from './DevicePickers.module.css';

interface PickerProps<Device> {
  label: string;
  icon: ReactNode;
  /** Undefined while they are not known yet. */
  devices: readonly Device[] | undefined;
  selected: string | undefined;
  /** What a device is called whose name the browser keeps back. */
  unnamed: string;
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
  none,
  onChoose,
}: PickerProps<Device>) {
  return (
    <label className={styles['picker']}>
      {icon}
      <span className="visually-hidden">{label}</span>
      <select
        className={styles['select']}
        value={selected ?? devices?.[0]?.id ?? ''}
        disabled={devices === undefined || devices.length === 0}
        onChange={({ target }) => {
          const device = devices?.find(({ id }) => id === target.value);
          if (device !== undefined) {
            onChoose(device);
          }
        }}
      >
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
