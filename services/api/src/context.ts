import type { Backplane } from '@parley/backplane';
import type { Database } from '@parley/db';
import type { Clock } from '@parley/kit';
import type { SessionVerifier } from '@parley/tokens';
import type { Logger } from 'pino';
import type { ApiMetrics } from './metrics/ApiMetrics.ts';
import type { KeyRing } from './principals/KeyRing.ts';
import type { RequestLimits } from './requests/RequestLimits.ts';
import type { Passwords } from './security/Passwords.ts';
import type { Vault } from './security/Vault.ts';
import type { SigningKeys } from './signingKeys/SigningKeys.ts';
import type { TokenRecorder } from './tokens/TokenRecorder.ts';
import type { Transactions } from './transactions/Transactions.ts';

/** What the operations of the api work with. Each takes the part it needs. */
export interface ApiContext {
  /** Issuer of every token and base of every link, without a slash at its end. */
  readonly publicUrl: string;
  readonly database: Database;
  /** By which requests change it. */
  readonly transactions: Transactions;
  readonly backplane: Backplane;
  readonly signingKeys: SigningKeys;
  readonly tokenRecorder: TokenRecorder;
  /** Verifies session tokens of this service; whether one was revoked is for `backplane.admission` to say. */
  readonly verify: SessionVerifier;
  readonly keyRing: KeyRing;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly limits: RequestLimits;
  readonly metrics: ApiMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}
