/** One field after a merge patch (RFC 7396): left out it stays as it is, null restores the standard. */
export function patched<Value>(
  current: Value,
  change: Value | null | undefined,
  standard: NoInfer<Value>,
): Value {
  return change === undefined ? current : (change ?? standard);
}
