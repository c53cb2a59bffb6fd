import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import type { Pool } from 'pg';
import { createPool } from './pool.ts';

/** The Prisma client of Parley's schema; `$disconnect()` gives its connections back. */
export type Database = PrismaClient;

/** The same inside an interactive transaction. */
export type Transaction = Omit<
  PrismaClient,
  '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'
>;

/** One request that fails waits for one connection or one answer only, and its caller is told within two seconds. */
const defaultPatienceMs = 1_500;

/** How many connections a pool has when nothing is said. */
export const defaultConnections = 10;

export interface DatabaseOptions {
  /** How many connections there are at most; 10 by default. */
  connections?: number | undefined;
  /** How long is waited for a connection, or on one for the next byte of an answer. */
  patienceMs?: number | undefined;
}

/** Prisma keeps the pool it was given to itself. */
const pools = new WeakMap<Database, Pool>();

/** Opens a pool on `url`. Nothing is connected until the first query. */
export function createDatabase(
  url: string,
  { connections = defaultConnections, patienceMs = defaultPatienceMs }: DatabaseOptions = {},
): Database {
  const pool = createPool(url, { connections, patienceMs });
  const database = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    // The longer formats print the query's arguments, and those hold e-mail addresses and password hashes.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: patienceMs },
  });
  pools.set(database, pool);

  return database;
}

/** Connections to PostgreSQL, and queries that wait for one. */
export interface PoolUsage {
  readonly busy: number;
  readonly idle: number;
  readonly waiting: number;
}

/** What the pool of a client made by `createDatabase` is doing now. */
export function poolUsage(database: Database): PoolUsage {
  const pool = pools.get(database);
  const { totalCount = 0, idleCount = 0, waitingCount = 0 } = pool ?? {};

  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
