import { DatabaseConnectionError } from './connection.ts';
import type { Query } from './pendingMigrations.ts';

/** Quoted as a statement wants them, to be pasted. */
interface Rights {
  readonly user: string;
  readonly database: string;
  readonly mayMakeTables: boolean;
}

/**
 * Throws `DatabaseConnectionError` when the user may not make tables: since PostgreSQL 15 only the database's owner may,
 * and the engine would say no more than that permission was denied. The owner may also make the schema of the jobs.
 */
export async function requireTableRight(query: Query): Promise<void> {
  const [row] = await query(`
    SELECT quote_ident(current_user) AS "user", quote_ident(current_database()) AS "database",
      has_schema_privilege('public', 'CREATE') AS "mayMakeTables"`);
  const { user, database, mayMakeTables } = row as Rights;
  if (!mayMakeTables) {
    throw new DatabaseConnectionError(
      `The database user ${user} may not make tables in ${database}: make it the owner (ALTER DATABASE ${database} OWNER TO ${user}), or grant it what it lacks (GRANT CREATE ON SCHEMA public TO ${user}; GRANT CREATE ON DATABASE ${database} TO ${user}).`,
    );
  }
}
