/** What was promised and not kept; its message says both. */
export class NonConformance extends Error {
  override readonly name = 'NonConformance';
}

export function expectThat(isTrue: boolean, promise: string): asserts isTrue {
  if (!isTrue) {
    throw new NonConformance(promise);
  }
}

/** Compares what JSON can say. */
export function expectSame(actual: unknown, expected: unknown, promise: string): void {
  const [found, wanted] = [written(actual), written(expected)];
  expectThat(found === wanted, `${promise}: ${wanted} is expected, ${found} was found`);
}

/** The order of an object's fields means nothing. */
function written(value: unknown): string {
  return (
    JSON.stringify(value, (_key, field: unknown) =>
      typeof field === 'object' && field !== null && !Array.isArray(field)
        ? Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : field,
    ) ?? 'nothing'
  );
}
