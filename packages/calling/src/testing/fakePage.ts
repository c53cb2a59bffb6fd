/** A media element whose first frame the test decides. */
export class FakeMediaElement extends EventTarget {
  readonly ownerDocument: FakePage;
  readonly tagName: string;
  readonly style: Record<string, string> = {};
  parentNode: FakeElement | null = null;
  readyState = 0;
  muted = false;
  autoplay = false;
  playsInline = false;
  hidden = false;
  isPlaying = false;
  #srcObject: unknown = null;

  constructor(page: FakePage, tagName: string) {
    super();
    this.ownerDocument = page;
    this.tagName = tagName;
  }

  get srcObject(): unknown {
    return this.#srcObject;
  }

  /** Another source plays by itself where `autoplay` is set (HTML standard, media element load algorithm). */
  set srcObject(source: unknown) {
    this.#srcObject = source;
    this.isPlaying ||= this.autoplay && source !== null && !this.ownerDocument.refusesToPlay;
  }

  get paused(): boolean {
    return !this.isPlaying;
  }

  async play(): Promise<void> {
    if (this.ownerDocument.refusesToPlay) {
      throw new DOMException('no gesture yet', 'NotAllowedError');
    }
    this.isPlaying = true;
  }

  pause(): void {
    this.isPlaying = false;
  }

  get isConnected(): boolean {
    return this.parentNode !== null;
  }

  /** The page takes it out, upon which the browser pauses it. */
  takeOut(): void {
    this.remove();
    this.pause();
    this.dispatchEvent(new Event('pause'));
  }

  remove(): void {
    this.parentNode?.children.delete(this);
    this.parentNode = null;
  }

  showFirstFrame(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event('loadeddata'));
  }
}

/** An element of the page that takes media elements in. */
export class FakeElement extends EventTarget {
  readonly nodeType = 1;
  readonly ownerDocument: FakePage;
  readonly children = new Set<FakeMediaElement>();
  /** The shadow root that it is in, if it is in one. */
  shadowRoot: { pictureInPictureElement: FakeMediaElement | null } | undefined;

  constructor(page: FakePage) {
    super();
    this.ownerDocument = page;
  }

  getRootNode(): { pictureInPictureElement: FakeMediaElement | null } {
    return this.shadowRoot ?? this.ownerDocument;
  }

  append(child: FakeMediaElement): void {
    this.children.add(child);
    child.parentNode = this;
    if (this.ownerDocument.showsFramesAtOnce) {
      queueMicrotask(() => child.showFirstFrame());
    }
  }

  contains(child: FakeMediaElement): boolean {
    return this.children.has(child);
  }
}

type Observed = (entries: Record<string, unknown>[]) => void;

/** What the page's window can tell of its elements. */
class FakeWindow {
  devicePixelRatio = 1;
  readonly resizes = new Map<FakeElement, Observed>();
  readonly intersections = new Map<FakeElement, Observed>();
  readonly ResizeObserver = observerOf(this.resizes);
  readonly IntersectionObserver = observerOf(this.intersections);
}

function observerOf(observed: Map<FakeElement, Observed>) {
  return class {
    readonly #tell: Observed;
    readonly #elements: FakeElement[] = [];

    constructor(tell: Observed) {
      this.#tell = tell;
    }

    observe(element: FakeElement): void {
      this.#elements.push(element);
      observed.set(element, this.#tell);
    }

    disconnect(): void {
      this.#elements.forEach((element) => observed.delete(element));
    }
  };
}

export class FakePage extends EventTarget {
  readonly body = new FakeElement(this);
  readonly defaultView = new FakeWindow();
  showsFramesAtOnce = true;
  refusesToPlay = false;
  visibilityState: DocumentVisibilityState = 'visible';
  pictureInPictureElement: FakeMediaElement | null = null;

  /** Elements that somebody follows. */
  get observedElements(): number {
    return this.defaultView.resizes.size + this.defaultView.intersections.size;
  }

  createElement(tagName: string): FakeMediaElement {
    return new FakeMediaElement(this, tagName);
  }

  /** Has the members of an element that the SDK uses, not the hundreds of a real one. */
  target(): { element: FakeElement; asHtml: HTMLElement } {
    const element = new FakeElement(this);

    return { element, asHtml: element as unknown as HTMLElement };
  }

  /** In CSS pixels. */
  resize(element: FakeElement, width: number, height: number): void {
    this.defaultView.resizes.get(element)?.([{ contentRect: { width, height } }]);
  }

  scroll(element: FakeElement, isIntersecting: boolean): void {
    this.defaultView.intersections.get(element)?.([{ isIntersecting }]);
  }

  setVisibility(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }

  /** Node knows the capturing listeners it removes by the option alone, not by the boolean that is as good. */
  override removeEventListener(
    ...[type, listener, capture]: Parameters<EventTarget['removeEventListener']>
  ): void {
    super.removeEventListener(type, listener, capture === true ? { capture } : capture);
  }

  /** Calls `onGone` when the page is closed. */
  watch(onGone: () => void, onVisibility: (isVisible: boolean) => void): () => void {
    const onChange = (): void => onVisibility(this.visibilityState === 'visible');
    this.addEventListener('pagehide', onGone);
    this.addEventListener('visibilitychange', onChange);

    return () => {
      this.removeEventListener('pagehide', onGone);
      this.removeEventListener('visibilitychange', onChange);
    };
  }

  asDocument(): Document {
    return this as unknown as Document;
  }
}
