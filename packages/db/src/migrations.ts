import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const prismaDir = fileURLToPath(new URL('../../../prisma', import.meta.url));
const migrationsDir = join(prismaDir, 'migrations');

/** A migration of the `prisma/migrations` folder. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The migrations as Prisma's schema engine wants to be given them. */
export interface MigrationList {
  baseDir: string;
  lockfile: { path: string; content: string };
  shadowDbInitScript: string;
  migrationDirectories: {
    path: string;
    migrationFile: { path: string; content: { tag: 'ok'; value: string } };
  }[];
}

/** The migrations in the order they are applied: the order of their names. */
export async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);

  return Promise.all(
    names.toSorted().map(async (name) => ({
      name,
      sql: await readFile(join(migrationsDir, name, 'migration.sql'), 'utf8'),
    })),
  );
}

export async function readMigrationList(): Promise<MigrationList> {
  const migrations = await readMigrations();

  return {
    baseDir: migrationsDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(migrationsDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

/** The data model that the migrations must add up to. */
export async function readSchema(): Promise<{ path: string; content: string }> {
  const path = join(prismaDir, 'schema.prisma');

  return { path, content: await readFile(path, 'utf8') };
}
