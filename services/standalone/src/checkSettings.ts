import process from 'node:process';
import { parseCommandLine } from './commandLine.ts';
import { parseEnvironment } from './environment.ts';

/** Run before the set-up, whose minutes nobody should wait for a typing error. */
try {
  parseCommandLine(process.argv.slice(2));
  parseEnvironment(process.env);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
