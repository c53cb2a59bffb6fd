import type { CallTarget } from '../meeting/outcome.ts';
import { texts } from '../texts.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { useFocusOnMount } from '../ui/useFocusOnMount.ts';
import type { CallView } from './callView.ts';
import styles from './RingingStage.module.css';
import { VideoSurface } from './VideoSurface.tsx';

/** While one waits: who is being called, or that a room is being entered. */
export function RingingStage({ view, target }: { view: CallView; target: CallTarget }) {
  const name = target.name ?? view.people[0]?.name ?? target.id;
  const isPerson = target.kind === 'person';
  const focus = useFocusOnMount<HTMLHeadingElement>();

  return (
    <section className={styles['stage']}>
      <div className={styles['middle']}>
        <Avatar name={name} size={136} isPulsing />
        <h1 ref={focus} className={styles['title']} tabIndex={-1}>
          <bdi>{isPerson ? texts.call.calling(name) : name}</bdi>
        </h1>
        <p className={styles['state']} role="status">
          {stateWords(view, isPerson)}
        </p>
      </div>
      {view.camera === undefined ? undefined : (
        <div className={styles['self']}>
          <VideoSurface stream={view.camera} scalingMode="Crop" />
        </div>
      )}
    </section>
  );
}

function stateWords({ state }: CallView, isPerson: boolean): string {
  if (state === 'Disconnecting') {
    return texts.call.leaving;
  }
  if (state === 'InLobby') {
    return texts.call.waitingToBeLetIn;
  }
  if (!isPerson) {
    return texts.call.joining;
  }

  return state === 'Ringing' ? texts.call.ringing : texts.call.connecting;
}
