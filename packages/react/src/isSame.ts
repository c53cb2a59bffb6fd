/**
 * Whether nobody who reads the one would see a difference in the other: the same value, or arrays or plain records of the same
 * values. Objects of a class, as those of the SDK, are the same only as themselves.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) {
    return true;
  }
  if (!isPlain(one) || !isPlain(other) || Array.isArray(one) !== Array.isArray(other)) {
    return false;
  }
  const keys = Object.keys(one);

  return keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  const prototype: unknown =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;

  return prototype === Object.prototype || prototype === Array.prototype;
}
