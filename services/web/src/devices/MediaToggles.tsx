import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { texts } from '../texts.ts';
import { RoundButton } from '../ui/RoundButton.tsx';
import type { Choices } from './choices.ts';

interface MediaTogglesProps {
  choices: Choices;
  onChange: (choices: Choices) => void;
  isOnPicture?: boolean;
}

/** Whether to come with microphone and camera. */
export function MediaToggles({ choices, onChange, isOnPicture = false }: MediaTogglesProps) {
  const { microphone, camera } = choices;

  return (
    <>
      <RoundButton
        label={microphone ? texts.devices.turnMicrophoneOff : texts.devices.turnMicrophoneOn}
        icon={microphone ? <Mic size={21} /> : <MicOff size={21} />}
        tone={microphone ? 'plain' : 'off'}
        isOnPicture={isOnPicture}
        onClick={() => onChange({ ...choices, microphone: !microphone })}
      />
      <RoundButton
        label={camera ? texts.devices.turnCameraOff : texts.devices.turnCameraOn}
        icon={camera ? <Video size={21} /> : <VideoOff size={21} />}
        tone={camera ? 'plain' : 'off'}
        isOnPicture={isOnPicture}
        onClick={() => onChange({ ...choices, camera: !camera })}
      />
    </>
  );
}
