import { createDatabase } from '@parley/db';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's PostgreSQL server, as its superuser. */
    postgresUrl: string;
  }
}

/** The migrated database that test databases are copied from. Nobody stays connected to it. */
export const templateDatabase = 'parley_template';

export function urlOfDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;

  return url.href;
}

/** Tests share a busy machine, where a database is not made in the time that a request may take. */
export const testPatienceMs = 30_000;

/** Runs a statement that no database can run on itself: to create or drop one. */
export async function runOnServer(serverUrl: string, sql: string): Promise<void> {
  const server = createDatabase(urlOfDatabase(serverUrl, 'postgres'), { patienceMs: testPatienceMs });
  try {
    await server.$executeRawUnsafe(sql);
  } finally {
    await server.$disconnect();
  }
}
