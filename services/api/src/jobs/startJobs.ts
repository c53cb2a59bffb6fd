import { PgBoss, type ConstructorOptions } from 'pg-boss';
import { standardRetention, type JobServices, type Retention } from './Job.ts';
import { jobs, type ScheduledJob } from './jobs.ts';

export interface StartJobsOptions {
  /** The api's database; the schedule lies in a schema `pgboss` of its own. */
  readonly databaseUrl: string;
  /** `jobServices` of the api. */
  readonly services: JobServices;
  /** What is left out is as in `standardRetention`. */
  readonly retention?: Partial<Retention>;
  /** How often each job's queue is looked into; 15 by default. */
  readonly pollSeconds?: number;
}

export interface Jobs {
  /** Lets the jobs that run come to the end of a batch. Idempotent; before the database is closed. */
  close(): Promise<void>;
}

/** Far longer than any statement of the schedule takes; without it a connection that went silent is waited for. */
const queryTimeoutMs = 60_000;

const closeTimeoutMs = 10_000;

/** A job that fails comes again within the hour anyway. */
const queue = { policy: 'exclusive', retryLimit: 0, deleteAfterSeconds: 24 * 60 * 60 } as const;

/**
 * Runs the jobs on their schedule. Of several apis on one database each job is run by one, and never twice at a
 * time. A database that goes away and comes back only delays them.
 */
export async function startJobs(options: StartJobsOptions): Promise<Jobs> {
  const { services, pollSeconds = 15 } = options;
  const { logger } = services;
  const retention = { ...standardRetention, ...options.retention };
  const stopping = new AbortController();
  const boss = new PgBoss(connectionTo(options.databaseUrl));
  boss.on('error', (error) => {
    // Its last connections end with the database, or with the process, whichever is first.
    if (!stopping.signal.aborted) {
      logger.warn({ err: error }, 'schedule of jobs disturbed');
    }
  });
  boss.on('warning', ({ message }) => logger.warn({ message }, 'schedule of jobs'));

  try {
    await boss.start();
    for (const [name, job] of Object.entries(jobs)) {
      await boss.createQueue(name, queue);
      await boss.schedule(name, job.cron);
      await boss.work(name, { pollingIntervalSeconds: pollSeconds }, async (batch) => {
        for (const { signal } of batch) {
          await run(name, job, signal);
        }
      });
    }
  } catch (error) {
    await close();
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The schedule of the jobs cannot be kept in the database (${cause}); let the database's user create the schema "pgboss" (GRANT CREATE ON DATABASE … TO …).`,
      { cause: error },
    );
  }

  return { close };

  async function close(): Promise<void> {
    stopping.abort();
    await boss.stop({ timeout: closeTimeoutMs });
  }

  /** The schedule keeps what a job failed with to itself. */
  async function run(name: string, job: ScheduledJob, signal: AbortSignal): Promise<void> {
    try {
      const count = await job.run({
        services,
        retention,
        signal: AbortSignal.any([signal, stopping.signal]),
      });
      if (count > 0) {
        logger.info({ job: name, count }, 'job done');
      }
    } catch (error) {
      logger.warn({ job: name, err: error }, 'job failed; it comes again');
      throw error;
    }
  }
}

function connectionTo(connectionString: string): ConstructorOptions {
  const pool = {
    connectionString,
    application_name: 'parley-jobs',
    max: 2,
    // An option of the driver, which pg-boss passes on; it drops a connection that a query failed on.
    query_timeout: queryTimeoutMs,
  };

  return { ...pool, schema: 'pgboss' };
}
