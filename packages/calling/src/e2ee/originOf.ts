import type { ConsumerInfo, MediaSource } from '@parley/protocol';

interface Origin {
  readonly source: MediaSource;
  /** Undefined in a slot, in which anybody may be heard. */
  readonly participantId: string | undefined;
}

/** A sync group names the participant and what of theirs belongs together; that of a slot is the slot. */
const groupPattern = /^(?<participantId>.+)-(?<group>person|screen)$/;

/** What a consumer brings, and of whom. */
export function originOf({ producerId, kind }: ConsumerInfo, syncGroup: string): Origin {
  const { participantId, group } = groupPattern.exec(syncGroup)?.groups ?? {};
  if (producerId === syncGroup || group === undefined) {
    return { source: 'microphone', participantId: undefined };
  }
  const isScreen = group === 'screen';
  const source =
    kind === 'video' ? (isScreen ? 'screen' : 'camera') : isScreen ? 'screenAudio' : 'microphone';

  return { source, participantId };
}
