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
  const isRinging = tile.kind === 'camera' && tile.isRinging;
  const label = labelOf(tile);
  // Nobody who has not come yet is heard; that they ring says more.
  const mark = isRinging ? texts.call.isRinging : isMuted ? texts.call.muted : undefined;

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
    >
      {tile.kind === 'screen' ? undefined : (
        <Avatar name={tile.name} size={avatarSize(place)} isPulsing={isRinging} />
      )}
      {tile.stream === undefined ? undefined : (
        <VideoSurface stream={tile.stream} scalingMode={tile.kind === 'screen' ? 'Fit' : 'Crop'} />
      )}
      <figcaption className={styles['caption']} aria-hidden="true">
        {isMuted && !isRinging ? <MicOff className={styles['muteMark']} size={14} /> : undefined}
        <bdi className={styles['name']}>{label}</bdi>
        {isRinging ? <span className={styles['state']}>{texts.call.ringing}</span> : undefined}
        {tile.kind === 'camera' && tile.isGuest && !isRinging ? (
          <span className={styles['state']}>{texts.call.guest}</span>
        ) : undefined}
      </figcaption>
    </figure>
  );
}

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
