import type { Disposable } from '@parley/kit';

export interface Player {
  /** Never rejects: what the browser refuses is told, and begun later. */
  readonly play: () => Promise<void>;
  /** Call it when the element goes away. */
  readonly stop: Disposable;
}

const gestures = ['pointerup', 'touchend', 'click', 'keydown'] as const;

/**
 * Plays an element. Where the browser's autoplay policy says no, the person's next touch or key starts it: the
 * end of a touch, because its beginning does not yet count as an activation (HTML standard, "user activation").
 *
 * @param onBlocked Told whether the browser refuses.
 * @param playOnTouch Otherwise only `play()` begins what was refused.
 */
export function playElement(
  element: HTMLMediaElement,
  onBlocked: (isBlocked: boolean) => void = () => {},
  playOnTouch = true,
): Player {
  const page = element.ownerDocument;
  let isStopped = false;
  const forget = (): void => {
    for (const gesture of gestures) {
      page.removeEventListener(gesture, onGesture, true);
    }
  };
  const onGesture = (): void => void play();
  const play = async (): Promise<void> => {
    forget();
    try {
      await element.play();
    } catch (error) {
      // Any other failure means that the element was taken away or given another stream meanwhile.
      if (!isStopped && error instanceof Error && error.name === 'NotAllowedError') {
        for (const gesture of playOnTouch ? gestures : []) {
          page.addEventListener(gesture, onGesture, true);
        }
        onBlocked(true);
      }

      return;
    }
    if (!isStopped) {
      onBlocked(false);
    }
  };
  // A page that takes an element out pauses it (HTML standard, media elements), and may put it back.
  const onPause = (): void => {
    if (!element.isConnected) {
      void play();
    }
  };
  element.addEventListener('pause', onPause);
  void play();

  return {
    play,
    stop: () => {
      isStopped = true;
      element.removeEventListener('pause', onPause);
      forget();
    },
  };
}
