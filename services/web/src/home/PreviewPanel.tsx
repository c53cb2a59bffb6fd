import { useEffect, useRef, useState } from 'react';
import { CircleAlert, RotateCw, VideoOff } from 'lucide-react';
import type { DeviceManager, LocalDevice, MediaDeviceFailure } from '@parley/calling';
import type { Choices } from '../devices/choices.ts';
import { DevicePickers } from '../devices/DevicePickers.tsx';
import { MediaToggles } from '../devices/MediaToggles.tsx';
import { DeviceCheckup, type DeviceCheck } from '../devices/DeviceCheckup.ts';
import type { Notices } from '../state/Notices.ts';
import { useStore } from '../state/useStore.ts';
import { deviceWords, texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Spinner } from '../ui/Spinner.tsx';
import styles from './PreviewPanel.module.css';

interface PreviewPanelProps {
  devices: DeviceManager;
  notices: Notices;
  name: string;
  choices: Choices;
  onChoices: (choices: Choices) => void;
}

/** How one will be seen and heard, and with which devices. */
export function PreviewPanel({ devices, notices, name, choices, onChoices }: PreviewPanelProps) {
  const target = useRef<HTMLDivElement>(null);
  const [checkup] = useState(() => new DeviceCheckup(devices));
  const { camera, microphone } = useStore(checkup);
  const tryAgain = (): void => {
    if (target.current !== null) {
      checkup.tryAgain(target.current);
    }
  };

  useEffect(() => {
    if (target.current !== null) {
      checkup.want(choices, target.current);
    }
  }, [checkup, choices]);
  useEffect(() => () => checkup.close(), [checkup]);

  return (
    <section className={styles['panel']} aria-label={texts.devices.preview}>
      <div className={styles['picture']} data-camera={camera.is}>
        {camera.is === 'ready' ? undefined : <CameraState check={camera} name={name} onTryAgain={tryAgain} />}
        <div ref={target} className={styles['video']} />
        <div className={styles['toggles']}>
          <MediaToggles choices={choices} onChange={onChoices} isOnPicture />
        </div>
      </div>
      {microphone.is === 'failed' ? (
        <div className={styles['notice']} role="alert">
          <CircleAlert size={20} aria-hidden />
          <Failure device="microphone" failure={microphone.failure} />
          <Button tone="quiet" icon={<RotateCw size={16} aria-hidden />} onClick={tryAgain}>
            {texts.devices.tryAgain}
          </Button>
        </div>
      ) : undefined}
      <DevicePickers devices={devices} notices={notices} />
    </section>
  );
}

interface CameraStateProps {
  check: Exclude<DeviceCheck, { is: 'ready' }>;
  name: string;
  onTryAgain: () => void;
}

function CameraState({ check, name, onTryAgain }: CameraStateProps) {
  switch (check.is) {
    case 'off':
      return (
        <div className={styles['state']}>
          <Avatar name={name} size={96} />
          <p>{texts.devices.cameraOff}</p>
        </div>
      );
    case 'asking':
      return (
        <div className={styles['state']}>
          <Spinner size={28} />
          <p className={styles['title']}>{texts.devices.asking}</p>
          <p>{texts.devices.askingDetail}</p>
        </div>
      );
    case 'failed':
      return (
        <div className={styles['state']} role="alert">
          <VideoOff size={32} aria-hidden />
          <Failure device="camera" failure={check.failure} />
          <Button icon={<RotateCw size={16} aria-hidden />} onClick={onTryAgain}>
            {texts.devices.tryAgain}
          </Button>
        </div>
      );
    default:
      return check satisfies never;
  }
}

function Failure({ device, failure }: { device: LocalDevice; failure: MediaDeviceFailure }) {
  const { title, detail } = deviceWords(device, failure);

  return (
    <div className={styles['failure']}>
      <p className={styles['title']}>{title}</p>
      <p>{detail}</p>
    </div>
  );
}
