import type { Backplane } from '@parley/backplane';
import type { Database } from '@parley/db';
import type { Clock } from '@parley/kit';

/** What it takes to tell the sfu what the database holds. */
export interface PublishContext {
  readonly database: Database;
  readonly backplane: Backplane;
  readonly clock: Clock;
}
