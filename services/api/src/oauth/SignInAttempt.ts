import type { ApplicationRecord } from '@parley/backplane';
import type { Response } from 'express';
import type { LimitWindow, RequestLimits } from '../requests/RequestLimits.ts';

/** Failures of one username, from all addresses together, as a multiple of what one address may have. */
const addressesPerUsername = 10;

/**
 * What an address may have: failures at once, as a share of the application's limit, and then one turn in each window.
 * Once all addresses together are too many, each has a fifth of what it had.
 */
const paces = {
  usual: { share: 1, turns: 'signInTurns' },
  slow: { share: 1 / 5, turns: 'slowSignInTurns' },
} as const;

export interface SignInAttemptOptions {
  readonly application: ApplicationRecord;
  readonly username: string;
  readonly address: string;
}

/**
 * One attempt to sign in, counted before the password is looked at and given back when it was right, so that no burst
 * slips through.
 *
 * Failures are counted for a username at an address and for the username everywhere. An address that has failed too
 * often gets one turn a minute, and whoever asks first has it: a user who shares the address with a stranger waits
 * for a turn and is told for how long. A stranger who guesses from many addresses spends what all of them have, and
 * from then on each is slower: the user, whose address is another one, still gets in at once. Nobody is ever locked
 * out, by no number of guesses. Whether there is such a user plays no part in it.
 */
export class SignInAttempt {
  readonly #limits: RequestLimits;
  readonly #here: { readonly window: LimitWindow; readonly key: string };
  readonly #everywhere: { readonly window: LimitWindow; readonly key: string };

  private constructor(limits: RequestLimits, { application, username, address }: SignInAttemptOptions) {
    const { applicationId } = application;
    const name = username.toLowerCase();
    this.#limits = limits;
    this.#here = { window: 'failedSignIns', key: JSON.stringify([applicationId, name, address]) };
    this.#everywhere = { window: 'failedSignInsOfUsername', key: JSON.stringify([applicationId, name]) };
  }

  /** Throws `too_many_requests` with the time to wait. */
  static async begin(
    limits: RequestLimits,
    response: Response,
    options: SignInAttemptOptions,
  ): Promise<SignInAttempt> {
    const { failedSignIns } = options.application.limits;
    const attempt = new SignInAttempt(limits, options);
    const isSpent = (await limits.counted(attempt.#everywhere)) >= failedSignIns * addressesPerUsername;
    const { share, turns } = paces[isSpent ? 'slow' : 'usual'];
    await limits.takeEither(
      response,
      { ...attempt.#here, points: Math.ceil(failedSignIns * share) },
      { window: turns, key: attempt.#here.key, points: 1 },
    );
    await limits.count(attempt.#everywhere);

    return attempt;
  }

  /** The password was right: what was mistyped at this address before is forgiven, what others guess is not. */
  async succeed(): Promise<void> {
    const { key } = this.#here;
    for (const window of ['failedSignIns', 'signInTurns', 'slowSignInTurns'] as const) {
      await this.#limits.forgive({ window, key });
    }
    await this.#limits.giveBack(this.#everywhere);
  }
}
