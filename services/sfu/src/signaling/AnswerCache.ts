import { LinkedList, type Clock, type Link } from '@parley/kit';
import { Ranking, type Rank } from './Ranking.ts';

/** A client that has found no way back by then has lost its place as well. */
const memoryMs = 60_000;

/** With all of their clients. */
const maxOfUser = 1_024;

/** Or as many as are assured to all of its users together, where that is more. */
const maxOfApplication = 20_000;

/** As long as a user has no more than these, nobody else makes one of theirs be forgotten. */
const assuredToUser = 16;

const sweepEveryMs = 1_000;

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
  readonly application: OfApplication;
  readonly user: OfUser;
  readonly request: string;
  readonly atMs: number;
  /** No promise where the answer was there at once: for a small one that would be most of what is kept. */
  readonly outcome: Again | Promise<Again>;
}

/** Of one application, the oldest first. */
interface OfApplication {
  readonly id: string;
  readonly entries: LinkedList<Entry>;
  readonly users: Map<string, OfUser>;
  /** Who has the most answers kept. */
  readonly ranking: Ranking<OfUser>;
}

/** Of one user, by where it is among those of the application; the oldest first. */
interface OfUser {
  readonly id: string;
  readonly places: LinkedList<Link<Entry>>;
  readonly byRequest: Map<string, Link<Link<Entry>>>;
  rank: Rank<OfUser> | undefined;
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
  readonly #applications = new Map<string, OfApplication>();
  #sweptAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers that are kept. */
  get size(): number {
    return [...this.#applications.values()].reduce((sum, { entries }) => sum + entries.size, 0);
  }

  /** Answers as `carryOut` does, now or as it did when the client sent the request before. */
  run<Answer>(request: Repeatable<Answer>): Answer | Promise<Awaited<Answer>> {
    const { applicationId, userId, clientId, requestId } = request;
    // A slash occurs in neither. Made once: to look for it is most of what all this costs.
    const id = `${clientId}/${requestId}`;
    const known = this.#applications.get(applicationId)?.users.get(userId)?.byRequest.get(id);

    return known === undefined ? this.#begin(request, id) : this.#repeat(known.item.item, request);
  }

  #begin<Answer>(request: Repeatable<Answer>, id: string): Answer {
    const { carryOut, again } = request;
    const answer = carryOut();
    if (answer instanceof Promise) {
      const outcome = (answer as Promise<Awaited<Answer>>).then(again);
      const entry = this.#keep(request, id, outcome);
      outcome.catch(() => this.#forget(entry));
    } else {
      this.#keep(request, id, again(answer as Awaited<Answer>));
    }

    return answer;
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

  #keep({ applicationId, userId }: RequestKey, request: string, outcome: Entry['outcome']): Entry {
    const application: OfApplication = this.#applications.get(applicationId) ?? {
      id: applicationId,
      entries: new LinkedList(),
      users: new Map(),
      ranking: new Ranking(),
    };
    const user: OfUser = application.users.get(userId) ?? {
      id: userId,
      places: new LinkedList(),
      byRequest: new Map(),
      rank: undefined,
    };
    const atMs = this.#clock.now();
    const entry: Entry = { application, user, request, atMs, outcome };
    this.#applications.set(applicationId, application);
    application.users.set(userId, user);
    user.byRequest.set(request, user.places.push(application.entries.push(entry)));
    rank(user, application);
    if (user.places.size > maxOfUser) {
      this.#forget(user.places.first?.item);
    }
    this.#sweep(atMs);
    this.#bound(application);

    return entry;
  }

  /** Whoever has the most loses their oldest. */
  #bound({ entries, users, ranking }: OfApplication): void {
    while (entries.size > Math.max(maxOfApplication, users.size * assuredToUser)) {
      this.#forget(ranking.first?.places.first?.item);
    }
  }

  /** Now and then is enough. */
  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptAtMs < sweepEveryMs) {
      return;
    }
    this.#sweptAtMs = nowMs;
    for (const { entries } of this.#applications.values()) {
      for (
        let { first } = entries;
        first !== undefined && first.atMs <= nowMs - memoryMs;
        { first } = entries
      ) {
        this.#forget(first);
      }
    }
  }

  /** Idempotent; what came later under the same id stays. */
  #forget(entry: Entry | undefined): void {
    if (entry === undefined) {
      return;
    }
    const { application, user, request } = entry;
    const place = user.byRequest.get(request);
    if (place?.item.item !== entry) {
      return;
    }
    application.entries.remove(place.item);
    user.places.remove(place);
    user.byRequest.delete(request);
    rank(user, application);
    if (user.places.size === 0) {
      application.users.delete(user.id);
    }
    if (application.entries.size === 0) {
      this.#applications.delete(application.id);
    }
  }
}

/** They have one answer more now, or one less. */
function rank(user: OfUser, { ranking }: OfApplication): void {
  user.rank = ranking.place(user, user.places.size, user.rank);
}
