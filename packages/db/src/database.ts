import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

/** The Prisma client of Parley's schema; `$disconnect()` gives its connections back. */
export type Database = PrismaClient;

/** The same inside an interactive transaction. */
export type Transaction = Omit<
  PrismaClient,
  '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'
>;

/** A request waits no longer than this for a connection: callers are told "unavailable" within two seconds. */
const connectionTimeoutMs = 1_500;

/** Opens a pool on `url`. Nothing is connected until the first query. */
export function createDatabase(url: string): Database {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, connectionTimeoutMillis: connectionTimeoutMs }),
    // The longer formats print the query's arguments, and those hold e-mail addresses and password hashes.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: connectionTimeoutMs },
  });
}
