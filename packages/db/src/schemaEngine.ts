import type { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';

type AdapterFactory = ReturnType<typeof bindMigrationAwareSqlAdapterFactory>;

/** The engine looks after every table and enum there is. */
export const everything = { externalTables: [], externalEnums: [] };

/**
 * Runs `task` with Prisma's own schema engine, as WebAssembly over a driver adapter: it migrates as
 * `prisma migrate deploy` does, with the same bookkeeping, and needs no binary from Prisma's host.
 */
export async function withSchemaEngine<T>(
  adapters: AdapterFactory,
  task: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  // Loaded here and not above: an up-to-date database needs no engine.
  const wasm = await import('./schemaEngineWasm.ts');
  const engine = await wasm.SchemaEngine.new({ datamodels: undefined }, () => {}, adapters);
  try {
    return await task(engine);
  } catch (error) {
    throw driverError(adapters, error) ?? error;
  } finally {
    engine.free();
  }
}

/** An error of the driver crosses the engine as a number only; the adapter has kept the error itself. */
function driverError(adapters: AdapterFactory, error: unknown): unknown {
  const id = error instanceof Error ? /external error[^\d]*(\d+)/i.exec(error.message)?.[1] : undefined;

  return id === undefined ? undefined : adapters.errorRegistry.consumeError(Number(id))?.error;
}
