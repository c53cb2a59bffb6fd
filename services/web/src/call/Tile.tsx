import { MicOff } from 'lucide-react';
import { Avatar } from '../ui/Avatar.tsx';
import { texts } from '../texts.ts';
import type { TileModel } from './callView.ts';
import type { Rect } from './stageLayout.ts';
import styles from './Tile.module.css';
import { VideoSurface } from './VideoSurface.tsx';

/** One picture on the stage with its name: a person, oneself, or a shared screen. */
export function Tile({ tile, place }: { tile: TileModel; place: Rect }) {
  const isMuted = tile.kind !== 'screen' && tile.isMuted;
  const isSpeaking = tile.kind !== 'screen' && tile.isSpeaking && !isMuted;
  const absence = tile.kind === 'camera' ? tile.absence : undefined;
  const isRinging = absence === 'ringing';
  const label = labelOf(tile);
  // Nobody who is not there is heard; that they ring, or come back, says more.
  const mark = absence === undefined ? (isMuted ? texts.call.muted : undefined) : marks[absence].spoken;

  return (
    <figure
      className={styles['tile']}
      style={place}
      aria-label={[label, ...(mark === undefined ? [] : [mark])].join(', ')}
      data-testid="tile"
      data-participant-name={tile.name}
      data-kind={tile.kind}
      data-muted={isMuted}
      data-speaking={isSpeaking}
      data-ringing={isRinging}
      data-reconnecting={absence === 'reconnecting'}
    >
      {tile.kind === 'screen' ? undefined : (
        <Avatar name={tile.name} size={avatarSize(place)} isPulsing={absence !== undefined} />
      )}
      {tile.stream === undefined ? undefined : (
        <VideoSurface stream={tile.stream} scalingMode={tile.kind === 'screen' ? 'Fit' : 'Crop'} />
      )}
      <figcaption className={styles['caption']} aria-hidden="true">
        {isMuted && absence === undefined ? <MicOff className={styles['muteMark']} size={14} /> : undefined}
        <bdi className={styles['name']}>{label}</bdi>
        {absence === undefined ? undefined : <span className={styles['state']}>{marks[absence].shown}</span>}
        {tile.kind === 'camera' && tile.isGuest && absence === undefined ? (
          <span className={styles['state']}>{texts.call.guest}</span>
        ) : undefined}
      </figcaption>
    </figure>
  );
}

const marks = {
  ringing: { spoken: texts.call.isRinging, shown: texts.call.ringing },
  reconnecting: { spoken: texts.call.isReconnecting, shown: texts.call.reconnecting },
} as const;

function labelOf(tile: TileModel): string {
  switch (tile.kind) {
    case 'self':
      return texts.call.you(tile.name);
    case 'screen':
      return texts.call.screenOf(tile.name);
    case 'camera':
      return tile.name;
    default:
      return tile satisfies never;
  }
}

function avatarSize({ width, height }: Rect): number {
  return Math.round(Math.min(Math.max(Math.min(width, height) * 0.36, 36), 144));
}
