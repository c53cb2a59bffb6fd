import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import { Pool, type QueryResult } from 'pg';
import { readMigrationList, readSchema } from '../src/migrations.ts';
import { everything, withSchemaEngine } from '../src/schemaEngine.ts';

/**
 * The SQL that leads from what the migrations add up to, to the data model of schema.prisma; empty when the two
 * agree. The migrations are run in `scratchUrl`, an empty database.
 */
export async function schemaDifference(scratchUrl: string): Promise<string> {
  const pool = new CatalogPool({ connectionString: scratchUrl, max: 1 });
  try {
    const adapters = bindMigrationAwareSqlAdapterFactory(catalogAdapters(pool));

    return await withSchemaEngine(adapters, async (engine) => {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'migrations', ...(await readMigrationList()) },
        to: { tag: 'schemaDatamodel', files: [await readSchema()] },
        script: true,
        exitCode: true,
        filters: everything,
      });

      return exitCode === 0 ? '' : (stdout ?? '');
    });
  } finally {
    await pool.end();
  }
}

const charOid = 18;
const charArrayOid = 1002;

/**
 * PostgreSQL's catalogues have columns of its internal type "char", which the adapter does not know though the
 * engine reads them. They pass the adapter as arrays of it, a type that nothing here uses, and become single
 * characters again behind it.
 */
class CatalogPool extends Pool {
  // The pool's many overloads are one call to the adapter, which passes a query config and awaits the rows.
  override query = (async (config: string): Promise<QueryResult> => {
    const result = await super.query(config);
    for (const field of result.fields ?? []) {
      field.dataTypeID = field.dataTypeID === charOid ? charArrayOid : field.dataTypeID;
    }

    return result;
  }) as Pool['query'];
}

function catalogAdapters(pool: Pool): PrismaPg {
  const factory = new PrismaPg(pool);
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await PrismaPg.prototype.connect.call(factory);
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
      );

      return { ...result, columnTypes };
    };

    return adapter;
  };

  return Object.assign(factory, { connect, connectToShadowDb: connect });
}
