import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
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

/** Opens a pool on `url`. Nothing is connected until the first query. */
export function createDatabase(
  url: string,
  { connections = defaultConnections, patienceMs = defaultPatienceMs }: DatabaseOptions = {},
): Database {
  return new PrismaClient({
    adapter: new PrismaPg(createPool(url, { connections, patienceMs }), { disposeExternalPool: true }),
    // The longer formats print the query's arguments, and those hold e-mail addresses and password hashes.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: patienceMs },
  });
}
