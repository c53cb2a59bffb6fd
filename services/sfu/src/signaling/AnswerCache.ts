import type { Clock } from '@parley/kit';

/** A client that has found no way back by then has lost its place as well. */
const memoryMs = 60_000;

/** With all of their clients: whoever asks without end makes no other's answers be forgotten. */
const maxOfUser = 1_024;
const maxOfApplication = 20_000;

/** Who asked, and for what: the id is of the client's own making, as that of the client is. */
export interface RequestKey {
  readonly applicationId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly requestId: string;
}

/** Makes the answer once more. What it holds on to is what is kept. */
type Again = () => unknown;

interface Entry {
  readonly applicationId: string;
  readonly user: string;
  readonly request: string;
  readonly atMs: number;
  readonly outcome: Promise<Again>;
}

export interface Repeatable<Answer> extends RequestKey {
  readonly carryOut: () => Answer;
  /** What is kept of the answer. */
  readonly again: (answer: Awaited<Answer>) => Again;
}

/**
 * What was answered to requests of late, so that one which comes again, by whatever connection, is carried out once.
 * What was refused is not kept: it was not carried out, and is judged anew when it comes again.
 */
export class AnswerCache {
  readonly #clock: Clock;
  /** The oldest first, as those of each application and of each user. */
  readonly #entries = new Set<Entry>();
  readonly #byApplication = new Map<string, Set<Entry>>();
  readonly #byUser = new Map<string, Map<string, Entry>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers that are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Answers as `carryOut` does, now or as it did when the client sent the request before. */
  run<Answer>(request: Repeatable<Answer>): Answer | Promise<Awaited<Answer>> {
    const known = this.#byUser.get(userKey(request))?.get(requestKey(request));

    return known === undefined ? this.#begin(request) : this.#repeat(known, request);
  }

  #begin<Answer>(request: Repeatable<Answer>): Answer {
    const outcome = request.carryOut();
    this.#keep(request, Promise.resolve(outcome).then(request.again));

    return outcome;
  }

  async #repeat<Answer>({ outcome }: Entry, request: Repeatable<Answer>): Promise<Awaited<Answer>> {
    let again: Again;
    try {
      again = await outcome;
    } catch {
      return await this.run(request);
    }

    return again() as Awaited<Answer>;
  }

  #keep(key: RequestKey, outcome: Promise<Again>): void {
    const { applicationId } = key;
    const atMs = this.#clock.now();
    const entry = { applicationId, user: userKey(key), request: requestKey(key), atMs, outcome };
    const ofApplication = this.#byApplication.get(applicationId) ?? new Set();
    const ofUser = this.#byUser.get(entry.user) ?? new Map<string, Entry>();
    this.#entries.add(entry);
    this.#byApplication.set(applicationId, ofApplication.add(entry));
    this.#byUser.set(entry.user, ofUser.set(entry.request, entry));
    if (ofUser.size > maxOfUser) {
      this.#forgetFirst(ofUser.values());
    }
    if (ofApplication.size > maxOfApplication) {
      this.#forgetFirst(ofApplication);
    }
    this.#forgetOld();
    outcome.catch(() => this.#forget(entry));
  }

  #forgetOld(): void {
    const longAgoMs = this.#clock.now() - memoryMs;
    for (const entry of this.#entries) {
      if (entry.atMs > longAgoMs) {
        return;
      }
      this.#forget(entry);
    }
  }

  #forgetFirst(entries: Iterable<Entry>): void {
    const [first] = entries;
    if (first !== undefined) {
      this.#forget(first);
    }
  }

  /** Idempotent. */
  #forget(entry: Entry): void {
    const ofApplication = this.#byApplication.get(entry.applicationId);
    const ofUser = this.#byUser.get(entry.user);
    this.#entries.delete(entry);
    ofApplication?.delete(entry);
    if (ofApplication?.size === 0) {
      this.#byApplication.delete(entry.applicationId);
    }
    if (ofUser?.get(entry.request) === entry) {
      ofUser.delete(entry.request);
    }
    if (ofUser?.size === 0) {
      this.#byUser.delete(entry.user);
    }
  }
}

/** A slash occurs in none of them. */
function userKey({ applicationId, userId }: RequestKey): string {
  return `${applicationId}/${userId}`;
}

function requestKey({ clientId, requestId }: RequestKey): string {
  return `${clientId}/${requestId}`;
}
