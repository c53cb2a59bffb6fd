import { contradictions } from './contradictions.ts';
import { environmentSchema, type Environment } from './environmentSchema.ts';

export { isProduction, type Environment } from './environmentSchema.ts';

/** Parses the environment; throws an error whose message names each wrong variable and what it must be. */
export function parseEnvironment(source: Record<string, string | undefined>): Environment {
  const result = environmentSchema
    .superRefine((environment, context) => {
      for (const [variable, message] of contradictions(environment)) {
        context.addIssue({ code: 'custom', path: [variable], message });
      }
    })
    // An empty variable means the same as none, as in shells and compose files.
    .safeParse(Object.fromEntries(Object.entries(source).filter(([, value]) => value !== '')));

  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not usable: ${faults.join('; ')}. See npm start -- --help.`);
  }

  return result.data;
}

/** The text of `npm start -- --help`. */
export function environmentHelp(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const { standard, description } = schema.meta() ?? {};

    return `  ${name}\n      ${description}\n      Default: ${String(standard)}`;
  });

  return ['Usage: npm start', '', 'Environment variables:', ...rows, ''].join('\n');
}
