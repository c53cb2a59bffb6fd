import {
  answerComponents,
  componentSchemas,
  requestComponents,
  type JsonSchema,
} from '@parley/protocol/rest';
import type * as z from 'zod';
import type { Reference } from './openApiTypes.ts';

const names = new Map<z.ZodType, string>(
  Object.entries({ ...answerComponents, ...requestComponents }).map(([name, schema]) => [schema, name]),
);

/** The reference to a schema that has a name. */
export function referenceTo(schema: z.ZodType): Reference {
  return { $ref: `#/components/schemas/${nameOf(schema)}` };
}

/** The fields of an object that has a name, each with whether it is required. */
export function fieldsOf(
  schema: z.ZodType,
): readonly { readonly name: string; readonly isRequired: boolean; readonly schema: JsonSchema }[] {
  const { properties = {}, required = [] } = schemaOf(schema);

  return Object.entries(properties).map(([name, field]) => ({
    name,
    isRequired: required.includes(name),
    schema: field as JsonSchema,
  }));
}

/** The JSON Schema of an object that has a name, for what says it in place. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  return componentSchemas()[nameOf(schema)] ?? {};
}

function nameOf(schema: z.ZodType): string {
  const name = names.get(schema);
  if (name === undefined) {
    throw new Error("A schema of the REST API lacks a name in the protocol's components.ts.");
  }

  return name;
}
