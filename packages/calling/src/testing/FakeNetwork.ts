/** This machine's network, which changes when the test says so. */
export class FakeNetwork {
  readonly #watchers = new Set<() => void>();

  get watcherCount(): number {
    return this.#watchers.size;
  }

  watch(onChanged: () => void): () => void {
    this.#watchers.add(onChanged);

    return () => this.#watchers.delete(onChanged);
  }

  change(): void {
    this.#watchers.forEach((onChanged) => onChanged());
  }
}
