import { Socket } from 'node:net';
import { Pool, type Client } from 'pg';

export interface PoolOptions {
  /** How many connections there are at most. */
  readonly connections: number;
  readonly patienceMs: number;
}

/**
 * The part of the patience that a statement waits for a row that another transaction holds. Less than all of it, or
 * the wait would be taken for a frozen server; of the standard patience more than the second after which PostgreSQL
 * looks for deadlocks, for of two that wait for each other only one must give way.
 */
const lockPatience = 5 / 6;

/** Opens a pool on `url`. Nothing is connected until the first query. */
export function createPool(url: string, { connections, patienceMs }: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: inUtc(url),
    max: connections,
    connectionTimeoutMillis: patienceMs,
    lock_timeout: Math.round(patienceMs * lockPatience),
  });
  pool.on('connect', (client) => giveUpOnSilence(client, patienceMs));

  return pool;
}

/** Prisma's adapter writes moments without their offset and reads them without it: both must mean UTC. */
function inUtc(url: string): string {
  const withZone = new URL(url);
  const { searchParams } = withZone;
  searchParams.set('options', `${searchParams.get('options') ?? ''} -c TimeZone=UTC`.trim());

  return withZone.href;
}

/**
 * Ends a connection whose server owes an answer and sends nothing, as a frozen machine does. The driver's own
 * `query_timeout` would give the connection back with its query still running and its transaction still open, and
 * whatever came next would become part of that.
 */
function giveUpOnSilence(client: Client, patienceMs: number): void {
  const { stream } = client.connection;
  if (!(stream instanceof Socket)) {
    throw new TypeError('A connection to PostgreSQL is a socket.');
  }
  let bytesAnswered = stream.bytesWritten;
  // The driver says so whenever nothing is left to be answered.
  client.on('drain', () => {
    bytesAnswered = stream.bytesWritten;
  });
  stream.setTimeout(patienceMs);
  // Not as the argument of setTimeout(), which would listen only once: it happens to idle connections too.
  stream.on('timeout', () => {
    if (stream.bytesWritten > bytesAnswered) {
      stream.destroy(new Error('Connection terminated: the database server did not answer in time.'));
    }
  });
}
