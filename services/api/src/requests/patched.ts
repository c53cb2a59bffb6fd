/** One field after a merge patch (RFC 7396): left out it stays as it is, null restores the standard. */
export function patched<Value>(
  current: Value,
  change: Value | null | undefined,
  standard: NoInfer<Value>,
): Value {
  return change === undefined ? current : (change ?? standard);
}

/** A table of what differs from the standard after a merge patch: null gives one entry, or all of them, their standard again. */
export function patchedTable<Table extends object>(
  current: Table,
  patch: { readonly [Name in keyof Table]?: Table[Name] | null | undefined } | null | undefined,
): Partial<Table> {
  const merged = patch === null ? {} : { ...current, ...patch };

  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Table>;
}
