import type { Application } from '@parley/db';
import { limitNames, limitsWith, type LimitName, type Limits } from '@parley/protocol';
import * as z from 'zod';

/** Tolerant: a limit of an earlier version, which is in the table no more, is left out. */
const storedSchema = z.object(
  Object.fromEntries(limitNames.map((name) => [name, z.int().exactOptional()])) as Record<
    LimitName,
    z.ZodExactOptional<z.ZodInt>
  >,
);

/** The limits of an application that differ from the standard. */
export function changedLimits({ limits }: Pick<Application, 'limits'>): Partial<Limits> {
  return storedSchema.parse(limits);
}

/** All limits of an application. */
export function limitsOf(application: Pick<Application, 'limits'>): Limits {
  return limitsWith(changedLimits(application));
}
