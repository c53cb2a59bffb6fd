import { useRef } from 'react';
import { texts } from '../texts.ts';
import { useFocusOnMount } from '../ui/useFocusOnMount.ts';
import type { CallView } from './callView.ts';
import styles from './Stage.module.css';
import { stageLayout } from './stageLayout.ts';
import { Tile } from './Tile.tsx';
import { useSize } from './useSize.ts';

/**
 * Everybody in the call. The tiles are one flat list whatever the layout, so that a person's picture goes on
 * without a break when a shared screen comes or goes.
 */
export function Stage({ view }: { view: CallView }) {
  const area = useRef<HTMLDivElement>(null);
  const focus = useFocusOnMount<HTMLElement>();
  const size = useSize(area);
  const people = [...view.people, view.self];
  const layout = stageLayout(size, people.length, view.screens.length);
  const places = [...layout.screens, ...layout.people];

  return (
    <section ref={focus} className={styles['stage']} tabIndex={-1} aria-label={texts.call.participants}>
      <div ref={area} className={styles['area']}>
        {/* An unmeasured stage shows none: its tiles would all fly out of one corner. */}
        {[...view.screens, ...people].map((tile, index) => {
          const place = places[index];

          return place === undefined || size.width === 0 ? undefined : (
            <Tile key={tile.key} tile={tile} place={place} />
          );
        })}
      </div>
    </section>
  );
}
