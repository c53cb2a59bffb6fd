/** Runs one statement and returns its rows. */
export type Query = (sql: string) => Promise<readonly unknown[]>;

/** Those of the migrations that the database has not had, in their order. */
export async function pendingMigrations(names: readonly string[], query: Query): Promise<string[]> {
  const applied = new Set(await appliedMigrations(query));

  return names.filter((name) => !applied.has(name));
}

/** From Prisma's own bookkeeping; its table is missing until the first migration. */
async function appliedMigrations(query: Query): Promise<string[]> {
  const [table] = await query(`SELECT to_regclass('_prisma_migrations')::text AS name`);
  if (textOf(table, 'name') === undefined) {
    return [];
  }
  const rows = await query(
    `SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );

  return rows.flatMap((row) => textOf(row, 'name') ?? []);
}

function textOf(row: unknown, column: string): string | undefined {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, column) : undefined;

  return typeof value === 'string' ? value : undefined;
}
