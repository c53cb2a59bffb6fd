import { contradictions } from './contradictions.ts';
import { environmentSchema, type Environment } from './environmentSchema.ts';
import { sentenceOf } from './settingTypes.ts';

export { isProduction, type Environment } from './environmentSchema.ts';

/** Parses the environment; throws an error whose message names each wrong variable and what it must be. */
export function parseEnvironment(source: Record<string, string | undefined>): Environment {
  // An empty variable means the same as none, as in shells and compose files.
  const result = environmentSchema.safeParse(
    Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim() !== '')),
    { error: sentenceOf },
  );
  // What is wrong by itself would look like a contradiction, too.
  const faults = result.success
    ? contradictions(result.data).map(({ variable, message }) => `${variable}: ${message}`)
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);

  if (!result.success || faults.length > 0) {
    throw new Error(`The environment is not usable: ${faults.join('; ')}. See npm start -- --help.`);
  }

  return result.data;
}

/** Of the tools around the platform. */
const elsewhere = ['PARLEY_CHROMIUM', 'PARLEY_FIREFOX', 'PARLEY_FUZZ_SEED', 'PARLEY_FUZZ_MESSAGES'];

/** Variables that look like settings and are none: misspelt, as a rule. */
export function unknownSettings(source: Record<string, string | undefined>): string[] {
  const known = [...Object.keys(environmentSchema.shape), ...elsewhere];

  return Object.keys(source).filter((name) => name.startsWith('PARLEY_') && !known.includes(name));
}

/** The text of `npm start -- --help`. */
export function environmentHelp(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const { standard, description } = schema.meta() ?? {};

    return `  ${name}\n      ${description}\n      Default: ${String(standard)}`;
  });

  return ['Usage: npm start', '', 'Environment variables:', ...rows, ''].join('\n');
}
