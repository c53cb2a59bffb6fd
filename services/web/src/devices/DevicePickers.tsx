import { Mic, Video, Volume2 } from 'lucide-react';
import {
  MediaDeviceError,
  type AudioDeviceInfo,
  type DeviceManager,
  type LocalDevice,
  type LocalVideoStream,
} from '@parley/calling';
import type { Notices } from '../state/Notices.ts';
import { deviceWords, texts } from '../texts.ts';
import styles from './DevicePickers.module.css';
import { Picker } from './Picker.tsx';
import { useDeviceLists } from './useDeviceLists.ts';

interface DevicePickersProps {
  devices: DeviceManager;
  notices: Notices;
  /** The camera that a call sends already. */
  camera?: LocalVideoStream | undefined;
}

/** Which camera, microphone and speaker to use. */
export function DevicePickers({ devices, notices, camera: sent }: DevicePickersProps) {
  const lists = useDeviceLists(devices, sent);

  async function choose(device: LocalDevice, change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      const { title, detail } = deviceWords(
        device,
        error instanceof MediaDeviceError ? error.code : 'failed',
      );
      notices.show(title, { detail, tone: 'problem' });
    }
  }

  async function chooseSpeaker(speaker: AudioDeviceInfo): Promise<void> {
    await devices.setSpeaker(speaker).catch(() => notices.show(texts.devices.speakerNotSupported));
  }

  return (
    <div className={styles['pickers']}>
      <Picker
        label={texts.devices.camera}
        icon={<Video size={18} aria-hidden />}
        devices={lists?.cameras}
        selected={lists?.selected.camera}
        unnamed={texts.devices.unnamed.camera}
        automatic={texts.devices.automatic}
        none={texts.devices.none.camera}
        onChoose={(camera) =>
          void choose('camera', async () => {
            // The next call begins with it only when this one could go on with it.
            await sent?.switchSource(camera);
            await devices.setCamera(camera);
          })
        }
      />
      <Picker
        label={texts.devices.microphone}
        icon={<Mic size={18} aria-hidden />}
        devices={lists?.microphones}
        selected={lists?.selected.microphone}
        unnamed={texts.devices.unnamed.microphone}
        automatic={texts.devices.automatic}
        none={texts.devices.none.microphone}
        onChoose={(microphone) => void choose('microphone', () => devices.setMicrophone(microphone))}
      />
      <Picker
        label={texts.devices.speaker}
        icon={<Volume2 size={18} aria-hidden />}
        devices={lists?.speakers}
        selected={lists?.selected.speaker}
        unnamed={texts.devices.unnamed.speaker}
        automatic={texts.devices.systemSpeaker}
        none={texts.devices.systemSpeaker}
        onChoose={(speaker) => void chooseSpeaker(speaker)}
      />
    </div>
  );
}
