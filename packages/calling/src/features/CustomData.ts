import type { CustomItems } from '@parley/protocol';

/** What the application keeps with a call. */
export class CustomData {
  readonly #onChanged: () => void;
  #items: CustomItems = {};

  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  get items(): Readonly<CustomItems> {
    return this.#items;
  }

  set(items: CustomItems): void {
    const before = this.#items;
    const keys = Object.keys(items);
    if (keys.length !== Object.keys(before).length || keys.some((key) => items[key] !== before[key])) {
      this.#items = items;
      this.#onChanged();
    }
  }
}
