import { useCallback } from 'react';
import { useCallClient } from './useCallClient.ts';
import { useObservable } from './useObservable.ts';

export interface AudioPlayback {
  /** Whether the browser refuses to play what somebody says, as most do in a page that nobody has touched. */
  readonly isBlocked: boolean;
  /** Plays it, from a click or key: as `client.startAudio()`. */
  readonly start: () => Promise<void>;
}

/**
 * Whether the sound of calls can be heard.
 *
 * @example
 * const { isBlocked, start } = useAudioPlayback();
 * return isBlocked && <button onClick={() => void start()}>Turn the sound on</button>;
 */
export function useAudioPlayback(): AudioPlayback {
  const client = useCallClient();
  const isBlocked = useObservable(
    client,
    ['isAudioPlaybackBlockedChanged'],
    ({ isAudioPlaybackBlocked }) => isAudioPlaybackBlocked,
  );
  const start = useCallback(async () => client?.startAudio(), [client]);

  return { isBlocked: isBlocked ?? false, start };
}
