import * as wholeProtocol from '@parley/protocol';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type * as z from 'zod/mini';

type Protocol = typeof wholeProtocol;

interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown; error?: { issues: { path: unknown }[] } };
}

let leanProtocol: Protocol;

beforeAll(async () => {
  vi.doMock('zod/mini', () => import('../tools/lean/zod.ts'));
  vi.resetModules();
  leanProtocol = await import('@parley/protocol');
});

/** Every schema that the SDK can import, by the way to it. */
function schemasOf({ requestTable, notificationTable, ...rest }: Protocol): ReadonlyMap<string, Schema> {
  const all: (readonly [string, unknown])[] = [
    ...Object.entries(rest),
    ...Object.entries(requestTable).flatMap(([name, { data, answer }]) => [
      [`data of ${name}`, data] as const,
      [`answer to ${name}`, answer] as const,
    ]),
    ...Object.entries(notificationTable),
  ];

  return new Map(all.filter((entry): entry is [string, Schema] => isSchema(entry[1])));
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && 'safeParse' in value;

const names = [...schemasOf(wholeProtocol).keys()];

/** What schemas are compared with, at every place. */
const numbers = [0, 1, 3, 100, -1, 1.5, 65_536, 2 ** 53, NaN, Infinity];
const texts = [
  '',
  '-',
  'a',
  'id_1',
  '__proto__',
  'a b',
  'é',
  '\0',
  '\uD800',
  '😀',
  '+15551234567',
  'audio/opus',
  'L1T3',
  'AB:12',
];
const lengths = [1, 2, 16, 32, 64, 128, 256, 1_024, 2_000, 4_000, 8_192];
const objects = [
  [],
  {},
  new Date(0),
  Object.create(null),
  Object.create({ inherited: true }),
  JSON.parse('{"__proto__": {"a": 1}}'),
] as unknown[];
const oddities: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  ...numbers,
  ...texts,
  ...lengths.flatMap((length) => ['x'.repeat(length), 'x'.repeat(length + 1), '😀'.repeat(length)]),
  ...objects,
];

/** Values of which the schema takes most. */
function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const fitting = fittingValuesOf(schema);
  const taken = oddities.filter((value) => (schema as unknown as Schema).safeParse(value).success);

  return fc.oneof(
    ...(fitting === undefined ? [] : [{ weight: 60, arbitrary: fitting }]),
    ...(taken.length === 0
      ? []
      : [{ weight: fitting === undefined ? 60 : 3, arbitrary: fc.constantFrom(...taken) }]),
    { weight: 1, arbitrary: fc.constantFrom(...oddities) },
  );
}

function fittingValuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> | undefined {
  const { def } = schema as z.core.$ZodTypes & Record<'def', z.core.$ZodTypes['_zod']['def']>;
  switch (def.type) {
    case 'object':
      return fc
        .tuple(
          fc.record(
            Object.fromEntries(Object.entries(def.shape).map(([key, field]) => [key, valuesOf(field)])),
          ),
          fc.oneof(
            { weight: 20, arbitrary: fc.constant(undefined) },
            { weight: 1, arbitrary: fc.constantFrom(...Object.keys(def.shape), 'more') },
          ),
        )
        .map(([value, changed]) => withChange(value, changed));
    case 'array':
      return fc.array(valuesOf(def.element), { maxLength: 3 });
    case 'record':
      return fc.dictionary(
        valuesOf(def.keyType).filter((key): key is string => typeof key === 'string'),
        valuesOf(def.valueType),
        { maxKeys: 3 },
      );
    case 'union':
      return fc.oneof(...def.options.map(valuesOf));
    case 'optional':
    case 'nullable':
    case 'catch':
      return valuesOf(def.innerType);
    case 'pipe':
      return valuesOf(def.in);
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    default:
      return undefined;
  }
}

/** Without the key when it is there, and with it when it is not. */
function withChange(value: Record<string, unknown>, changed: string | undefined): Record<string, unknown> {
  if (changed === undefined) {
    return value;
  }
  const { [changed]: _left, ...rest } = value;

  return changed in value ? rest : { ...value, [changed]: 1 };
}

/** Where an argument of the application does not match: that is said to it. Of what the server sends nobody is told. */
const pathIn = ({ error }: ReturnType<Schema['safeParse']>, name: string): unknown =>
  name.startsWith('data of') ? error?.issues[0]?.path : undefined;

describe('the schemas of the files for pages', () => {
  it.each(names)('take and refuse the same as those of zod, and give the same: %s', (name) => {
    const whole = schemasOf(wholeProtocol).get(name) as Schema;
    const lean = schemasOf(leanProtocol).get(name) as Schema;
    const seen = new Set<boolean>();

    fc.assert(
      fc.property(valuesOf(whole as unknown as z.core.$ZodType), (value) => {
        const expected = whole.safeParse(value);
        const actual = lean.safeParse(value);
        seen.add(expected.success);

        expect(actual.success).toBe(expected.success);
        expect(actual.data).toStrictEqual(expected.data);
        expect(pathIn(actual, name)).toEqual(pathIn(expected, name));
      }),
      { numRuns: 400, seed: 1, examples: oddities.map((value) => [value]) },
    );

    // Those that fall back to a name that is known take all.
    expect([...seen]).toContain(true);
  });

  it('are not those of zod', () => {
    expect(leanProtocol.objectIdSchema).not.toHaveProperty('_zod');
    expect(names.length).toBeGreaterThan(50);
  });

  it('throw an error when they parse what does not match', () => {
    expect(() => leanProtocol.objectIdSchema.parse('')).toThrow(Error);
    expect(leanProtocol.objectIdSchema.parse('one')).toBe('one');
  });
});
