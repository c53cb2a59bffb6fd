import { startEmbeddedPostgres } from '../../src/embedded/index.ts';

/** A process of its own that runs the embedded server until it is killed: `embeddedProcess.ts BINARIES DATA_DIR`. */
const [binaries = '', dataDir = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ binaries, dataDir });
process.stdout.write(`${postgres.url}\n`);
