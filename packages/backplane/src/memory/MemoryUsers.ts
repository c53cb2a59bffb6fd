import type { UserRecord } from '../admission.ts';

/** The users of one application, found by their ids and by their telephone numbers. */
export class MemoryUsers {
  readonly #byId = new Map<string, UserRecord>();
  readonly #idOfNumber = new Map<string, string>();

  put(record: UserRecord): void {
    this.remove(record.userId);
    this.#byId.set(record.userId, record);
    for (const phoneNumber of record.phoneNumbers) {
      this.#idOfNumber.set(phoneNumber, record.userId);
    }
  }

  remove(userId: string): void {
    for (const phoneNumber of this.#byId.get(userId)?.phoneNumbers ?? []) {
      // The number may have moved to somebody else, whose record arrived first.
      if (this.#idOfNumber.get(phoneNumber) === userId) {
        this.#idOfNumber.delete(phoneNumber);
      }
    }
    this.#byId.delete(userId);
  }

  find(userId: string): UserRecord | undefined {
    return this.#byId.get(userId);
  }

  ofNumber(phoneNumber: string): UserRecord | undefined {
    const userId = this.#idOfNumber.get(phoneNumber);

    return userId === undefined ? undefined : this.#byId.get(userId);
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }
}
