import { componentSchemas, type JsonSchema } from '@parley/protocol/rest';
import * as fc from 'fast-check';

const schemas = componentSchemas();

/** Texts that have broken somebody's parser, database or prototype before. */
const wildTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u2066',
  '\ufeff',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '..',
  '../../etc/passwd',
  '%00',
  '%2e%2e%2f',
  '\'; DROP TABLE "User"; --',
  '{{7*7}}${7*7}',
  'a'.repeat(5_000),
  '👩‍👩‍👧‍👦'.repeat(60),
  'https://[::1]:99999/',
  '0000-00-00T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '+000',
  '٣',
] as const;

const wildNumbers = [
  0,
  -0,
  -1,
  0.1,
  1e-320,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  1e308,
  -1e308,
  Number.MIN_SAFE_INTEGER,
] as const;

export const wildText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...wildTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

/** Any JSON value, and some that are deeper, longer or stranger than anybody would send. */
const wildValue: fc.Arbitrary<unknown> = fc.oneof(
  wildText,
  fc.constantFrom<unknown>(...wildNumbers, null, true, [], {}),
  fc.jsonValue({ maxDepth: 4 }),
  fc.integer({ min: 10, max: 1_500 }).map(nested),
  fc.array(fc.constant('x'), { minLength: 1_001, maxLength: 1_100 }),
  wildText.map((key) => withOwn({}, key, { admin: true })),
);

/** Keys and texts that JSON can say and a database or JavaScript cannot keep. */
const unkeepable = fc.constantFrom('__proto__', '\ud800', 'a\udc00', '\0');

/** A value that matches the schema, mostly: any part of it may be of another kind altogether. */
export function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary: goodValueOf(schema) }, { weight: 1, arbitrary: wildValue });
}

/** A body: of the schema, with a field that it does not know, or no object of the kind at all. */
export function bodyOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const good = valueOf(schema);

  return fc.oneof(
    { weight: 16, arbitrary: good },
    {
      weight: 2,
      arbitrary: fc
        .tuple(good, wildText, wildValue)
        .map(([body, key, value]) =>
          typeof body === 'object' && body !== null ? withOwn(body, key, value) : body,
        ),
    },
    { weight: 1, arbitrary: wildValue },
  );
}

function goodValueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    // Any JSON at all: nothing is too strange to stand there.
    return fc.oneof(
      { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
      { weight: 1, arbitrary: wildValue },
      { weight: 1, arbitrary: unkeepable.map((text) => [withOwn({ text }, text, text)]) },
    );
  }
  if (schema.enum !== undefined) {
    return fc.constantFrom<unknown>(...schema.enum);
  }
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map((each) => valueOf(each)));
  }
  const types = [schema.type ?? []].flat();

  return fc.oneof(...types.map((type) => valueOfKind(type, schema)));
}

function valueOfKind(type: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  const { minimum = -1_000, maximum = 1_000_000, items = {}, maxItems = 10 } = schema;
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(items as JsonSchema), { maxLength: Math.min(maxItems, 4) });
    case 'object':
      return objectOf(schema);
    default:
      throw new Error(`The schemas of the REST API have a new kind of value: ${type}.`);
  }
}

function objectOf({ properties, required = [], propertyNames = {}, additionalProperties }: JsonSchema) {
  if (properties === undefined) {
    const value =
      additionalProperties === undefined ? wildValue : valueOf(additionalProperties as JsonSchema);
    const good = fc.dictionary(textOf(propertyNames as JsonSchema), value, {
      maxKeys: 4,
      noNullPrototype: true,
    });

    return fc.oneof(
      { weight: 6, arbitrary: good },
      {
        weight: 1,
        arbitrary: fc.tuple(good, fc.oneof(unkeepable, wildText), value).map((parts) => withOwn(...parts)),
      },
    );
  }
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, valueOf(field as JsonSchema)]),
  );

  return fc.record(fields, { requiredKeys: required, noNullPrototype: true });
}

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    return fc.oneof(dateIn('2026', '2027'), dateIn('1970', '2100'));
  }
  if (format === 'email') {
    return fc.oneof(fc.emailAddress(), fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,4}\.example$/));
  }
  // Neither look-aheads nor classes of characters can be generated; ids and names stand for them.
  if (pattern === undefined || /\(\?[!=]|\\p/i.test(pattern)) {
    return /A-Z/.test(pattern ?? '')
      ? fc.stringMatching(/^[A-Za-z0-9._:@+-]{1,12}$/)
      : fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) });
  }

  return fc.stringMatching(new RegExp(pattern));
}

function dateIn(from: string, until: string): fc.Arbitrary<string> {
  return fc
    .date({ min: new Date(from), max: new Date(until), noInvalidDate: true })
    .map((date) => date.toISOString());
}

/** Also a key that an assignment would not make, such as `__proto__`. */
function withOwn(object: object, key: string, value: unknown): object {
  return Object.defineProperty({ ...object }, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: [inner] }), {});
}

/** The schema of a name; throws when there is none. */
export function schemaNamed(name: string): JsonSchema {
  const schema = schemas[name];
  if (schema === undefined) {
    throw new Error(`There is no schema of the name ${name}.`);
  }

  return schema;
}
