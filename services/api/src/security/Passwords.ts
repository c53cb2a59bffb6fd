import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { systemClock, type Clock } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import { Turns } from '../transactions/Turns.ts';

/** OWASP's first recommendation for argon2id, which is also the library's own algorithm by default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash takes some hundredths of a second: who is further behind in the line is told so at once. */
const queue = { maxWaiting: 64, maxWaitMs: 3_000, refusal: tooMany };

/**
 * Hashes and checks passwords: as many at a time as there are cores, of one application half as many, so that
 * whoever floods it with passwords keeps none of its neighbours from signing in.
 */
export class Passwords {
  readonly #decoy: string;
  readonly #ofApplication: Turns;
  readonly #ofAll: Turns;

  private constructor(decoy: string, clock: Clock) {
    const cores = availableParallelism();
    this.#decoy = decoy;
    this.#ofApplication = new Turns({ ...queue, atOnce: Math.ceil(cores / 2) }, clock);
    this.#ofAll = new Turns({ ...queue, atOnce: cores }, clock);
  }

  static async create(clock: Clock = systemClock): Promise<Passwords> {
    return new Passwords(await hash(randomBytes(32), cost), clock);
  }

  hash(applicationId: string, password: string): Promise<string> {
    return this.#inTurn(applicationId, () => hash(password, cost));
  }

  /**
   * Whether `passwordHash` is that of `password`. Without a hash the same work is done on a decoy and the answer
   * is no, so that the time taken does not tell which users there are.
   */
  async verify(applicationId: string, password: string, passwordHash: string | undefined): Promise<boolean> {
    const isMatch = await this.#inTurn(applicationId, () => verify(passwordHash ?? this.#decoy, password));

    return isMatch && passwordHash !== undefined;
  }

  #inTurn<T>(applicationId: string, work: () => Promise<T>): Promise<T> {
    return this.#ofApplication.take(applicationId, () => this.#ofAll.take('', work));
  }
}

function tooMany(): ProtocolError {
  return new ProtocolError('unavailable', 'Too many passwords are being checked.', { retryAfterSeconds: 1 });
}
