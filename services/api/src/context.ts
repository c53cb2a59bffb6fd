import type { Admission } from '@parley/backplane';
import type { Database } from '@parley/db';
import type { Clock } from '@parley/kit';
import type { Logger } from 'pino';
import type { RequestLimits } from './requests/limits.ts';
import type { Passwords } from './security/Passwords.ts';
import type { SigningKeys } from './tokens/signingKeys.ts';

/** What the operations of the api work with. Each takes the part it needs. */
export interface ApiContext {
  /** Issuer of every token and base of every link, without a slash at its end. */
  readonly publicUrl: string;
  readonly database: Database;
  readonly admission: Admission;
  readonly signingKeys: SigningKeys;
  readonly passwords: Passwords;
  readonly limits: RequestLimits;
  readonly clock: Clock;
  readonly logger: Logger;
}
