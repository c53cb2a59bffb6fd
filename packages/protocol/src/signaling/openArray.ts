import * as z from 'zod/mini';

/**
 * A list that only clients parse, of which they leave out what this version does not know: each of its elements is of
 * use without the others.
 */
export function openArray<Element>(element: z.ZodMiniType<Element>) {
  return z.pipe(
    z.array(z.unknown()),
    z.transform((elements: unknown[]): Element[] =>
      elements.flatMap((raw) => {
        const { success, data } = element.safeParse(raw);

        return success ? [data] : [];
      }),
    ),
  );
}
