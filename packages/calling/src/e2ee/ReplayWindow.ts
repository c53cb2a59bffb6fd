/** How far frames of one sender may come out of order: pictures wait for packets that are sent again, sounds do not. */
export const replayWindowSize = 4_096;

/** Which counters of one KID have been seen; those far behind the highest count as seen. */
export class ReplayWindow {
  readonly #seen = new Uint32Array(replayWindowSize / 32);
  #highest = -1;

  has(counter: number): boolean {
    if (counter > this.#highest) {
      return false;
    }

    return counter <= this.#highest - replayWindowSize || this.#bitOf(counter) !== 0;
  }

  add(counter: number): void {
    if (counter - this.#highest >= replayWindowSize) {
      this.#seen.fill(0);
    } else {
      for (let passed = this.#highest + 1; passed <= counter; passed += 1) {
        this.#seen[wordOf(passed)] = this.#wordAt(passed) & ~maskOf(passed);
      }
    }
    this.#highest = Math.max(this.#highest, counter);
    this.#seen[wordOf(counter)] = this.#wordAt(counter) | maskOf(counter);
  }

  #bitOf(counter: number): number {
    return this.#wordAt(counter) & maskOf(counter);
  }

  #wordAt(counter: number): number {
    return this.#seen[wordOf(counter)] ?? 0;
  }
}

// Not with the operators on bits, which take 32 of a number.
const wordOf = (counter: number): number => Math.floor((counter % replayWindowSize) / 32);

const maskOf = (counter: number): number => 1 << (counter % 32);
