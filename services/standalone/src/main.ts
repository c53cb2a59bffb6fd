import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseCommandLine } from './commandLine.ts';
import { describeError } from './describeError.ts';
import { environmentHelp, parseEnvironment, unknownSettings } from './environment.ts';

const checkout = resolve(import.meta.dirname, '../../..');

async function main(): Promise<void> {
  if (parseCommandLine(process.argv.slice(2)) === 'help') {
    console.log(environmentHelp());

    return;
  }
  const environment = parseEnvironment(process.env);

  // Loaded now and not above: `--help` must work before the set-up has made what these import.
  const { pino } = await import('pino');
  const { nodeIdOf, startPlatform } = await import('./startPlatform.ts');
  const { announcement } = await import('./announcement.ts');
  const { startTracing } = await import('./tracing.ts');

  const logger = pino(
    { level: environment.PARLEY_LOG_LEVEL, serializers: { err: describeError } },
    pino.destination({ dest: 2, sync: true }),
  );
  for (const variable of unknownSettings(process.env)) {
    logger.warn({ variable }, 'no setting of that name: see npm start -- --help');
  }
  const stop = new Promise<void>((resolveStop) => {
    process.once('SIGINT', resolveStop);
    process.once('SIGTERM', resolveStop);
  });

  const stopTracing = await startTracing({
    logger,
    environment: process.env,
    nodeId: nodeIdOf(environment),
  });
  const platform = await startPlatform({
    environment,
    logger,
    checkout,
    stateDir: environment.PARLEY_STATE_DIR ?? join(checkout, '.parley'),
    notice: (line) => console.log(line),
  });
  console.log(announcement(platform, environment));

  await stop;
  console.log('Stopping …');
  await platform.close();
  await stopTracing();
  console.log('Stopped.');
  // The schema engine leaves a timer of ten seconds behind, for which nobody should wait.
  process.exit(0);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
