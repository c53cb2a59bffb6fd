import { Disposer, type Disposable } from '@parley/kit';
import type { Viewport } from '../streams/Subscription.ts';

/** What a person can see of one element. */
export interface Sight {
  /** False while it is scrolled away, not displayed, or on a page in the background. */
  readonly isVisible: boolean;
  /** Undefined while it has no size. */
  readonly viewport: Viewport | undefined;
}

/** Where nothing can be observed, everything counts as seen. */
const unknown: Sight = { isVisible: true, viewport: undefined };

/** Follows what a person can see of `target` until `stop()`. */
export class SightWatch {
  readonly #target: HTMLElement;
  readonly #onChanged: () => void;
  readonly #cleanups = new Disposer();
  #isOnScreen = true;
  #viewport: Viewport | undefined;
  #sight: Sight = unknown;

  constructor(target: HTMLElement, onChanged: () => void) {
    this.#target = target;
    this.#onChanged = onChanged;
    const page = target.ownerDocument;
    const window = page.defaultView;
    if (window === null || window === undefined) {
      return;
    }
    this.#watchSize(window);
    this.#watchScrolling(window);
    const update = (): void => this.#update();
    this.#listen(page, 'visibilitychange', update);
    // Shown in a window of its own, a picture is seen wherever its page is (W3C Picture-in-Picture). Both bubble.
    this.#listen(target, 'enterpictureinpicture', update);
    this.#listen(target, 'leavepictureinpicture', update);
    this.#update();
  }

  get sight(): Sight {
    return this.#sight;
  }

  /** Idempotent. */
  stop(): void {
    this.#cleanups.dispose();
  }

  #watchSize(window: Window & typeof globalThis): void {
    const observer = new window.ResizeObserver((entries) => {
      for (const entry of entries) {
        this.#viewport = viewportOf(entry, window.devicePixelRatio);
      }
      this.#update();
    });
    this.#cleanups.add(() => observer.disconnect());
    try {
      // Told too when the page moves to a screen of another density.
      observer.observe(this.#target, { box: 'device-pixel-content-box' });
    } catch {
      // Safari has no such box.
      observer.observe(this.#target);
    }
  }

  #watchScrolling(window: Window & typeof globalThis): void {
    const observer = new window.IntersectionObserver((entries) => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting ?? this.#isOnScreen;
      this.#update();
    });
    this.#cleanups.add(() => observer.disconnect());
    observer.observe(this.#target);
  }

  #listen(on: EventTarget, name: string, listener: Disposable): void {
    on.addEventListener(name, listener);
    this.#cleanups.add(() => on.removeEventListener(name, listener));
  }

  #update(): void {
    const page = this.#target.ownerDocument;
    // In a shadow root the page names its host only.
    const root = this.#target.getRootNode() as Partial<DocumentOrShadowRoot>;
    const inPicture = root.pictureInPictureElement ?? null;
    const isVisible =
      (this.#isOnScreen && page.visibilityState !== 'hidden') ||
      (inPicture !== null && this.#target.contains(inPicture));
    const before = this.#sight;
    this.#sight = { isVisible, viewport: this.#viewport };
    if (before.isVisible !== isVisible || !isSameViewport(before.viewport, this.#viewport)) {
      this.#onChanged();
    }
  }
}

export function isSameViewport(one: Viewport | undefined, other: Viewport | undefined): boolean {
  return one?.width === other?.width && one?.height === other?.height;
}

/** The larger of two by area. */
export function largerViewport(one: Viewport | undefined, other: Viewport | undefined): Viewport | undefined {
  return areaOf(other) > areaOf(one) ? other : one;
}

function areaOf(viewport: Viewport | undefined): number {
  return viewport === undefined ? 0 : viewport.width * viewport.height;
}

function viewportOf(entry: ResizeObserverEntry, devicePixelRatio: number): Viewport | undefined {
  // Browsers without that box leave the field out, whatever the DOM library says.
  const { devicePixelContentBoxSize: devicePixels } = entry as Partial<ResizeObserverEntry>;
  const [exact] = devicePixels ?? [];
  const width = exact?.inlineSize ?? entry.contentRect.width * devicePixelRatio;
  const height = exact?.blockSize ?? entry.contentRect.height * devicePixelRatio;

  return width >= 1 && height >= 1 ? { width: pixels(width), height: pixels(height) } : undefined;
}

/** Within what the protocol takes. */
function pixels(length: number): number {
  return Math.min(Math.round(length), 16_384);
}
