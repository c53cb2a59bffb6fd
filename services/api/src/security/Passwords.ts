import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's first recommendation for argon2id, which is also the library's own algorithm by default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes and checks passwords. */
export class Passwords {
  readonly #decoy: string;

  private constructor(decoy: string) {
    this.#decoy = decoy;
  }

  static async create(): Promise<Passwords> {
    return new Passwords(await hash(randomBytes(32), cost));
  }

  hash(password: string): Promise<string> {
    return hash(password, cost);
  }

  /**
   * Whether `passwordHash` is that of `password`. Without a hash the same work is done on a decoy and the answer
   * is no, so that the time taken does not tell which users there are.
   */
  async verify(password: string, passwordHash: string | undefined): Promise<boolean> {
    const isMatch = await verify(passwordHash ?? this.#decoy, password);

    return isMatch && passwordHash !== undefined;
  }
}
