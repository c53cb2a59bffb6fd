import type { ApiContext } from '../context.ts';

/** For how many days things are kept. */
export interface Retention {
  /** Rows of the audit log. */
  readonly auditDays: number;
  /** Records of calls, from their end on. */
  readonly callDays: number;
  /** The age at which a signing key is replaced. */
  readonly signingKeyDays: number;
}

export const standardRetention: Retention = { auditDays: 400, callDays: 400, signingKeyDays: 90 };

/** What of the api jobs work with. */
export type JobServices = Pick<ApiContext, 'database' | 'clock' | 'signingKeys' | 'logger'>;

/** What one run of a job has. */
export interface JobContext {
  readonly services: JobServices;
  readonly retention: Retention;
  /** Aborted when the service stops: the job ends after the batch it is at, and goes on the next time. */
  readonly signal: AbortSignal;
}

/** Does its work once; answers how many rows it changed or removed. */
export type Job = (context: JobContext) => Promise<number>;

export const dayMs = 24 * 60 * 60 * 1000;
