/**
 * What stands for `zod/mini` in the files for pages: of its functions those that the protocol's messages and the SDK use,
 * which take and refuse the same and give the same. A tenth of its size: an error says where, and not what was expected.
 * A test compares the two.
 */
class Mismatch extends Error {
  readonly path: PropertyKey[] = [];
  readonly issues = [this];
}

type Read = (value: unknown) => unknown;
type Check = (value: never) => boolean;

interface Schema {
  /** @throws Mismatch */
  readonly parse: Read;
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: Mismatch };
  check(...checks: Check[]): Schema;
  /** Whether an object may lack it. */
  readonly isOmittable: boolean;
  readonly shape: Shape;
}

type Shape = Readonly<Record<string, Schema>>;

const make = (parse: Read, isOmittable = false, shape: Shape = {}): Schema => ({
  parse,
  isOmittable,
  shape,
  safeParse(value) {
    try {
      return { success: true, data: parse(value) };
    } catch (error) {
      if (error instanceof Mismatch) {
        return { success: false, error };
      }
      throw error;
    }
  },
  check: (...checks) => make((value) => meeting(checks, parse(value)), isOmittable, shape),
});

function meeting(checks: readonly Check[], value: unknown): unknown {
  if (checks.every((check) => check(value as never))) {
    return value;
  }
  throw new Mismatch();
}

const of = (check: Check): Schema => make((value) => meeting([check], value));

/** Reads what is inside of something else. */
function within(key: PropertyKey, { parse }: Schema, value: unknown): unknown {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof Mismatch) {
      error.path.unshift(key);
    }
    throw error;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const unknown = (): Schema => make((value) => value);
export const string = (): Schema => of((value: unknown) => typeof value === 'string');
export const boolean = (): Schema => of((value: unknown) => typeof value === 'boolean');
export const number = (): Schema => of((value: unknown) => Number.isFinite(value));
export const int = (): Schema => of((value: unknown) => Number.isSafeInteger(value));
export const literal = (only: unknown): Schema => of((value: unknown) => value === only);
const oneOf = (values: readonly unknown[]): Schema => of((value: unknown) => values.includes(value));

export const optional = ({ parse }: Schema): Schema =>
  make((value) => (value === undefined ? value : parse(value)), true);
export const nullable = ({ parse, isOmittable }: Schema): Schema =>
  make((value) => (value === null ? value : parse(value)), isOmittable);
const orElse = (schema: Schema, fallback: () => unknown): Schema =>
  make((value) => {
    const read = schema.safeParse(value);

    return read.success ? read.data : fallback();
  }, true);

export const array = (element: Schema): Schema =>
  make((value) => {
    if (!Array.isArray(value)) {
      throw new Mismatch();
    }

    return Array.from(value, (each, index) => within(index, element, each));
  });

export const object = (shape: Shape): Schema =>
  make(
    (value) => {
      if (!isObject(value)) {
        throw new Mismatch();
      }
      const result: Record<string, unknown> = {};
      for (const [key, schema] of Object.entries(shape)) {
        const isThere = key in value;
        const read = within(key, isThere || schema.isOmittable ? schema : missing, value[key]);
        if (isThere || read !== undefined) {
          result[key] = read;
        }
      }

      return result;
    },
    false,
    shape,
  );
const missing = of(() => false);

export const extend = (base: Schema, shape: Shape): Schema => object({ ...base.shape, ...shape });
export const partial = ({ shape }: Schema): Schema =>
  object(Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, optional(schema)])));

/** What no class has made. */
const isPlain = ({ constructor: made }: Record<string, unknown>): boolean =>
  typeof made !== 'function' || Object.hasOwn((made.prototype as object | undefined) ?? [], 'isPrototypeOf');

/** No key is a number, or one of few: in zod these have rules of their own. */
export const record = (keys: Schema, values: Schema): Schema =>
  make((value) => {
    if (!isObject(value) || !isPlain(value)) {
      throw new Mismatch();
    }

    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== '__proto__')
        .map(([key, each]) => [within(key, keys, key), within(key, values, each)]),
    );
  });

export const union = (options: readonly Schema[]): Schema =>
  make((value) => {
    for (const option of options) {
      const read = option.safeParse(value);
      if (read.success) {
        return read.data;
      }
    }
    throw new Mismatch();
  });
/** No value is one of two: what the key is there for. */
export const discriminatedUnion = (_key: string, options: readonly Schema[]): Schema => union(options);

export const transform = (change: Read): Schema => make(change);
export const pipe = (first: Schema, second: Schema): Schema =>
  make((value) => second.parse(first.parse(value)), first.isOmittable);

type Sized = string | readonly unknown[];
/** Of a text the characters as Unicode counts them. */
const lengthOf = (value: Sized): number => (typeof value === 'string' ? Array.from(value) : value).length;
export const minLength =
  (least: number): Check =>
  (value: Sized) =>
    lengthOf(value) >= least;
export const maxLength =
  (most: number): Check =>
  (value: Sized) =>
    // A long text need not be counted to be short enough.
    value.length <= most || lengthOf(value) <= most;
export const minimum =
  (least: number): Check =>
  (value: number) =>
    value >= least;
export const maximum =
  (most: number): Check =>
  (value: number) =>
    value <= most;
export const regex =
  (pattern: RegExp): Check =>
  (value: string) =>
    pattern.test(value);
export const refine = (check: Check): Check => check;

/** Nothing is compiled here. */
export const config = (): void => {};

export { orElse as catch, oneOf as enum };
