/** The packets of a silent microphone that may turn out to have been the beginning of a word. */
const capacity = 16;

/** How far back a word that is heard too late is made good. */
const keptMs = 160;

/** The latest packets of one microphone. */
export class RecentPackets {
  readonly #packets: (Buffer | undefined)[] = Array.from({ length: capacity }, () => undefined);
  readonly #arrivedAtMs = new Float64Array(capacity);
  #next = 0;

  add(packet: Buffer, nowMs: number): void {
    this.#packets[this.#next] = packet;
    this.#arrivedAtMs[this.#next] = nowMs;
    this.#next = (this.#next + 1) % capacity;
  }

  /** Hands over the packets that came since then, the oldest first, and keeps none. */
  drain(sinceMs: number, nowMs: number, take: (packet: Buffer, arrivedAtMs: number) => void): void {
    const fromMs = Math.max(sinceMs, nowMs - keptMs);
    for (let step = 0; step < capacity; step += 1) {
      const index = (this.#next + step) % capacity;
      const packet = this.#packets[index];
      const arrivedAtMs = this.#arrivedAtMs[index] ?? 0;
      this.#packets[index] = undefined;
      if (packet !== undefined && arrivedAtMs >= fromMs) {
        take(packet, arrivedAtMs);
      }
    }
  }
}
