import type { Disposable } from '@parley/kit';

/**
 * Plays an element. Where the browser's autoplay policy says no, the person's next touch or key starts it: the
 * end of a touch, because its beginning does not yet count as an activation (HTML standard, "user activation").
 * Call the returned function when the element goes away.
 */
export function playElement(element: HTMLMediaElement): Disposable {
  const page = element.ownerDocument;
  const gestures = ['pointerup', 'touchend', 'click', 'keydown'] as const;
  const forget = (): void => {
    for (const gesture of gestures) {
      page.removeEventListener(gesture, play, true);
    }
  };
  function play(): void {
    forget();
    element.play().catch((error: unknown) => {
      // Any other failure means that the element was taken away or given another stream meanwhile.
      if (error instanceof Error && error.name === 'NotAllowedError') {
        for (const gesture of gestures) {
          page.addEventListener(gesture, play, true);
        }
      }
    });
  }
  play();

  return forget;
}
