import { Settings2 } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { DeviceManager, LocalVideoStream } from '@parley/calling';
import { DevicePickers } from '../devices/DevicePickers.tsx';
import type { Notices } from '../state/Notices.ts';
import { texts } from '../texts.ts';
import { RoundButton } from '../ui/RoundButton.tsx';
import styles from './DeviceMenu.module.css';

interface DeviceMenuProps {
  devices: DeviceManager;
  camera: LocalVideoStream | undefined;
  notices: Notices;
}

/** Other devices in the middle of a call. */
export function DeviceMenu({ devices, camera, notices }: DeviceMenuProps) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <RoundButton label={texts.devices.title} icon={<Settings2 size={21} />} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['menu']}
          side="top"
          sideOffset={14}
          collisionPadding={12}
          aria-label={texts.devices.title}
        >
          <h2 className={styles['title']}>{texts.devices.title}</h2>
          <DevicePickers devices={devices} notices={notices} camera={camera} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
