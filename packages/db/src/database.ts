import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';
import { createPool, patienceMs } from './pool.ts';

/** The Prisma client of Parley's schema; `$disconnect()` gives its connections back. */
export type Database = PrismaClient;

/** The same inside an interactive transaction. */
export type Transaction = Omit<
  PrismaClient,
  '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'
>;

/** Opens a pool on `url`. Nothing is connected until the first query; a query is given up before two seconds. */
export function createDatabase(url: string): Database {
  return new PrismaClient({
    adapter: new PrismaPg(createPool(url), { disposeExternalPool: true }),
    // The longer formats print the query's arguments, and those hold e-mail addresses and password hashes.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: patienceMs },
  });
}
