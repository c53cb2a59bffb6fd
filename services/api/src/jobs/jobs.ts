import { eraseSecrets } from './eraseSecrets.ts';
import type { Job } from './Job.ts';
import { removeAnonymousUsers } from './removeAnonymousUsers.ts';
import { removeAuditEntries } from './removeAuditEntries.ts';
import { removeCallRecords } from './removeCallRecords.ts';
import { removeIdempotentAnswers } from './removeIdempotentAnswers.ts';
import { removeRecordedEvents } from './removeRecordedEvents.ts';
import { removeRefreshGrants } from './removeRefreshGrants.ts';
import { removeRevocations } from './removeRevocations.ts';
import { removeSigningKeys } from './removeSigningKeys.ts';
import { rotateSigningKey } from './rotateSigningKey.ts';

export interface ScheduledJob {
  /** Minute, hour, day, month and weekday, in UTC. */
  readonly cron: string;
  readonly run: Job;
}

/** Spread over the hour, so that they do not compete. What was missed the next hour does. */
export const jobs: Readonly<Record<string, ScheduledJob>> = {
  eraseSecrets: { cron: '* * * * *', run: eraseSecrets },
  removeAnonymousUsers: { cron: '7 * * * *', run: removeAnonymousUsers },
  removeIdempotentAnswers: { cron: '14 * * * *', run: removeIdempotentAnswers },
  removeRefreshGrants: { cron: '21 * * * *', run: removeRefreshGrants },
  removeRevocations: { cron: '28 * * * *', run: removeRevocations },
  removeAuditEntries: { cron: '35 * * * *', run: removeAuditEntries },
  removeCallRecords: { cron: '42 * * * *', run: removeCallRecords },
  removeRecordedEvents: { cron: '45 * * * *', run: removeRecordedEvents },
  rotateSigningKey: { cron: '49 * * * *', run: rotateSigningKey },
  removeSigningKeys: { cron: '56 * * * *', run: removeSigningKeys },
};
