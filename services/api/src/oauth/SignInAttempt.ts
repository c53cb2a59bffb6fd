import type { ApplicationRecord } from '@parley/backplane';
import type { Response } from 'express';
import type { LimitWindow, RequestLimits } from '../requests/RequestLimits.ts';

/** Failures of one username, from all addresses together, as a multiple of what one address may have. */
const addressesPerUsername = 10;

/** The share of an address's failures that is left to it once all of them together are too many. */
const trickle = 1 / 5;

export interface SignInAttemptOptions {
  readonly application: ApplicationRecord;
  readonly username: string;
  readonly address: string;
}

/**
 * One attempt to sign in, counted before the password is looked at and given back when it was right, so that no burst
 * slips through.
 *
 * Failures are counted for a username at an address and for the username everywhere. A stranger who guesses from many
 * addresses spends the second, and from then on every address gets a trickle of its own: guessing becomes slow, and
 * the user, whose address is another one, still gets in. Nobody is ever locked out, by no number of guesses made
 * elsewhere. Whether there is such a user plays no part in it.
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
    const points = isSpent ? Math.ceil(failedSignIns * trickle) : failedSignIns;
    await limits.take(response, { ...attempt.#here, points });
    await limits.count(attempt.#everywhere);

    return attempt;
  }

  /** The password was right: what was mistyped at this address before is forgiven, what others guess is not. */
  async succeed(): Promise<void> {
    await this.#limits.forgive(this.#here);
    await this.#limits.giveBack(this.#everywhere);
  }
}
