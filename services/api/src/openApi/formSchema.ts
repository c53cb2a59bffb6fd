import type { JsonSchema } from '@parley/protocol/rest';
import type * as z from 'zod';
import { schemaOf } from './components.ts';

/**
 * The schema of a form with the values of an example in its fields, which the page at /docs fills in. The other fields
 * say that they may be empty, for the page would put a word into them: an empty parameter is as good as none
 * (RFC 6749, section 3.2).
 */
export function formSchema(
  form: z.ZodType,
  example: Readonly<Record<string, string>>,
  choices: Readonly<Record<string, readonly string[]>>,
): JsonSchema {
  const { properties = {}, required = [], ...schema } = schemaOf(form);
  const fields = Object.entries(properties).map(([name, field]): [string, JsonSchema] => {
    const value = example[name];
    const choice = choices[name];

    return [
      name,
      {
        ...(field as JsonSchema),
        ...(value === undefined ? { default: '' } : { examples: [value] }),
        ...(choice === undefined ? {} : { enum: [...choice] }),
      },
    ];
  });

  return {
    ...schema,
    properties: Object.fromEntries(fields),
    required: [...required, ...Object.keys(choices)],
  };
}
