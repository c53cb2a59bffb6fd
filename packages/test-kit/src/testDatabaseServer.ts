import { Client } from 'pg';

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

/** Runs statements that no database can run on itself: creating and dropping databases. */
export async function withAdmin(
  serverUrl: string,
  task: (query: (sql: string) => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  const client = new Client({ connectionString: urlOfDatabase(serverUrl, 'postgres') });
  await client.connect();
  try {
    await task((sql) => client.query(sql));
  } finally {
    await client.end();
  }
}
