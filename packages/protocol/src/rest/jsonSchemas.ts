import * as z from 'zod';
import { answerComponents, requestComponents } from './components.ts';

/** A schema as OpenAPI 3.1 has it: JSON Schema 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const place = '#/components/schemas/';

/** Any JSON value, the one schema that refers to itself. */
const anyJson = 'Json';

/** Every named schema; one refers to another as `#/components/schemas/<name>`. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  return { ...toSchemas(answerComponents, 'output'), ...toSchemas(requestComponents, 'input') };
}

function toSchemas(
  components: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components)) {
    registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => place + id,
    override: ({ jsonSchema }) => simplify(jsonSchema, io),
  });
  const { __shared: shared, ...named } = schemas;
  const definitions = Object.values(shared?.$defs ?? {});
  if (definitions.length > 1) {
    throw new Error('A further schema refers to itself: give it a name in components.ts.');
  }
  const [json] = definitions;
  const all = json === undefined ? named : { ...named, [anyJson]: json };
  // A component has neither an `$id` of its own nor a dialect other than the document's.
  const text = JSON.stringify(all, (key, value: unknown) =>
    key === '$id' || key === '$schema' ? undefined : value,
  ).replaceAll(/#\/components\/schemas\/__shared#\/\$defs\/\w+/g, place + anyJson);

  return JSON.parse(text) as Record<string, JsonSchema>;
}

/** Leaves out what says nothing to a reader, or too much to a client. */
function simplify(schema: JsonSchema, io: 'input' | 'output'): void {
  // The formats say it better than zod's expressions for them.
  if (schema.format !== undefined) {
    delete schema.pattern;
  }
  if (schema.minimum === Number.MIN_SAFE_INTEGER) {
    delete schema.minimum;
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) {
    delete schema.maximum;
  }
  // Answers may gain fields, so no client may rely on there being no others.
  if (io === 'output' && schema.additionalProperties === false) {
    delete schema.additionalProperties;
  }
  if (JSON.stringify(schema.propertyNames) === '{"type":"string"}') {
    delete schema.propertyNames;
  }
}
