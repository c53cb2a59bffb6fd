import { componentSchemas, type JsonSchema } from '@parley/protocol/rest';
import { format, resolveConfig } from 'prettier';

/** Schemas that are no part of the client: OAuth's own, lists, which are pages to it, and what holds nothing. */
const leftOut =
  /^(Empty|Json|Token\w+|RevokeRequest|RevokeTokensQuery|IntrospectResponse|Discovery|Jwks|Status|\w+List)$/;

const header = `// Written by \`npm run models\` from the schemas of packages/protocol: change those.

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
`;

/** The text of \`src/models.ts\`: an interface for each schema of the REST API, so that the package stands alone. */
export async function modelsText(): Promise<string> {
  const models = Object.entries(componentSchemas())
    .filter(([name]) => !leftOut.test(name))
    .map(([name, schema]) => `export interface ${name} ${objectType(schema, '')}\n`);

  return format([header, ...models].join('\n'), {
    ...(await resolveConfig(import.meta.filename)),
    parser: 'typescript',
  });
}

function typeOf(schema: JsonSchema, indent: string): string {
  if (schema.$ref !== undefined) {
    return schema.$ref.replace('#/components/schemas/', '');
  }
  if (schema.enum !== undefined) {
    return union(schema.enum.map((value) => literal(value)));
  }
  if (schema.anyOf !== undefined) {
    return union(schema.anyOf.map((each) => typeOf(each, indent)));
  }
  const types = [schema.type ?? []].flat();

  return union(types.map((type) => typeOfKind(type, schema, indent)));
}

function typeOfKind(type: string, schema: JsonSchema, indent: string): string {
  switch (type) {
    case 'array': {
      const item = typeOf(schema.items as JsonSchema, indent);

      return item.includes('|') || item.startsWith('{') ? `Array<${item}>` : `${item}[]`;
    }
    case 'object':
      return schema.properties === undefined
        ? `Record<string, ${typeOf(schema.additionalProperties as JsonSchema, indent)}>`
        : objectType(schema, indent);
    case 'integer':
      return 'number';
    default:
      return type;
  }
}

function objectType({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, property]) => {
    const schema = property as JsonSchema;
    const type = typeOf(schema, inner);
    const remark = remarkOf(schema);

    return [
      ...(remark === '' ? [] : [`${inner}/** ${remark} */`]),
      required.includes(name) ? `${inner}${name}: ${type};` : `${inner}${name}?: ${type} | undefined;`,
    ].join('\n');
  });

  return `{\n${fields.join('\n')}\n${indent}}`;
}

function remarkOf({ description = '', default: standard }: JsonSchema): string {
  const saysDefault = standard === undefined ? '' : `Default: \`${JSON.stringify(standard)}\`.`;

  return `${description} ${saysDefault}`.trim();
}

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
