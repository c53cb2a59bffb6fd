import type { Random } from './Random.ts';

/** Values that have broken programs before. */
const nasties: readonly [() => unknown, ...(() => unknown)[]] = [
  () => null,
  () => undefined,
  () => '',
  () => 0,
  () => -1,
  () => 1.5,
  () => Number.MAX_SAFE_INTEGER,
  () => 1e308,
  () => true,
  () => [],
  () => ({}),
  () => '__proto__',
  () => 'constructor',
  () => '../../etc/passwd',
  () => 'a\r\nb: c',
  () => '\u0000\ud83d\u202e',
  () => "'; DROP TABLE calls; --",
  () => 'x'.repeat(300),
  () => ({ $ne: null }),
  () => JSON.parse('{"__proto__":{"isAdmin":true},"toString":1}') as unknown,
  () => Array.from({ length: 200 }, () => 'a'),
  () => nested(500),
];

/** An array in an array, and so on. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) {
    value = [value];
  }

  return value;
}

/**
 * The value with one thing in it that is wrong, somewhere: another value, one too few or too many, or an id out of `ids`,
 * which fits and belongs to somebody else.
 */
export function mutate(value: unknown, random: Random, ids: readonly [string, ...string[]]): unknown {
  if (Array.isArray(value) && value.length > 0 && !random.onceIn(4)) {
    return mutateArray(value, random, ids);
  }
  if (isPlainObject(value) && Object.keys(value).length > 0 && !random.onceIn(8)) {
    return mutateObject(value, random, ids);
  }

  return random.onceIn(3) ? random.pick(ids) : random.pick(nasties)();
}

function mutateArray(
  items: readonly unknown[],
  random: Random,
  ids: readonly [string, ...string[]],
): unknown[] {
  const index = random.below(items.length);
  switch (random.below(4)) {
    case 0:
      return items.toSpliced(index, 1);
    case 1:
      return [...items, ...items];
    default:
      return items.with(index, mutate(items[index], random, ids));
  }
}

function mutateObject(
  fields: Record<string, unknown>,
  random: Random,
  ids: readonly [string, ...string[]],
): Record<string, unknown> {
  const names = Object.keys(fields);
  const name = names[random.below(names.length)] ?? '';
  switch (random.below(6)) {
    case 0: {
      const { [name]: _, ...rest } = fields;

      return rest;
    }
    case 1:
      return {
        ...fields,
        [random.pick(['extra', 'constructor', 'role', 'identity'])]: random.pick(nasties)(),
      };
    default:
      return { ...fields, [name]: mutate(fields[name], random, ids) };
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
