import { catch as orElse, enum as oneOf } from 'zod/mini';

/**
 * Names that only clients parse. A server may be newer than its clients: a name that this version does not know
 * reads as `fallback` and does not make the whole message one that cannot be understood.
 */
export function openEnum<const Name extends string>(names: readonly Name[], fallback: NoInfer<Name>) {
  return orElse(oneOf(names), () => fallback);
}
