/** A media element whose first frame the test decides. */
export class FakeMediaElement extends EventTarget {
  readonly ownerDocument: FakePage;
  readonly tagName: string;
  readonly style: Record<string, string> = {};
  srcObject: unknown = null;
  parentNode: FakeElement | null = null;
  readyState = 0;
  muted = false;
  autoplay = false;
  playsInline = false;
  hidden = false;
  isPlaying = false;

  constructor(page: FakePage, tagName: string) {
    super();
    this.ownerDocument = page;
    this.tagName = tagName;
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
export class FakeElement {
  readonly nodeType = 1;
  readonly ownerDocument: FakePage;
  readonly children = new Set<FakeMediaElement>();

  constructor(page: FakePage) {
    this.ownerDocument = page;
  }

  append(child: FakeMediaElement): void {
    this.children.add(child);
    child.parentNode = this;
    if (this.ownerDocument.showsFramesAtOnce) {
      queueMicrotask(() => child.showFirstFrame());
    }
  }
}

export class FakePage extends EventTarget {
  readonly body = new FakeElement(this);
  showsFramesAtOnce = true;
  refusesToPlay = false;

  createElement(tagName: string): FakeMediaElement {
    return new FakeMediaElement(this, tagName);
  }

  /** Has the members of an element that the SDK uses, not the hundreds of a real one. */
  target(): { element: FakeElement; asHtml: HTMLElement } {
    const element = new FakeElement(this);

    return { element, asHtml: element as unknown as HTMLElement };
  }

  asDocument(): Document {
    return this as unknown as Document;
  }
}
