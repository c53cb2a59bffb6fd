/** What a JSON text says. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * The target after a merge patch (RFC 7396, section 2): a member that is null goes, objects are merged one into the
 * other, and everything else, lists too, takes the place of what was there.
 */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) {
    return patch;
  }
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) {
      merged.delete(key);
    } else {
      merged.set(key, mergePatch(merged.get(key), change));
    }
  }

  return Object.fromEntries(merged);
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
