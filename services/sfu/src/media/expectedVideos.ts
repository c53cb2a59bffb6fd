import type { Stream } from './Stream.ts';

/**
 * The pictures a newcomer is given without asking: screens before cameras, then whoever speaks, then whoever came last.
 *
 * @param streams In the order in which their senders began.
 */
export function expectedVideos(
  streams: readonly Stream[],
  speakers: readonly string[],
  count: number,
): readonly Stream[] {
  const rank = ({ source, participantId = '' }: Stream): number => {
    const loudness = speakers.indexOf(participantId);
    const speaking = loudness < 0 ? speakers.length : loudness;

    return (source === 'screen' ? 0 : speakers.length + 1) + speaking;
  };

  return streams
    .filter(({ kind }) => kind === 'video')
    .toReversed()
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, count);
}
