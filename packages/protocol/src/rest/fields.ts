import * as z from 'zod';
import { userIdSchema } from '../ids.ts';
import { maxTokenSeconds } from '../tokenLifetime.ts';

/**
 * What several resources have in common. Bodies refuse fields they do not know; `z.strictObject` says which. What is
 * to be said of a field is said with `.describe()`: it reaches the OpenAPI document and the management client.
 */

/** A user's id in a body: chosen by the backend. */
export const userId = userIdSchema;

// PostgreSQL stores neither a NUL nor half of a surrogate pair, and no reader of a name wants the other control
// characters.
const printable = /^[^\p{Cc}\p{Cs}]*$/u;

/** Text that people read. */
export const label = z
  .string()
  .trim()
  .min(1)
  .max(256)
  .regex(printable, 'must have no control characters and no halves of surrogate pairs');

/** Compared without regard to case, as every mail host in use does. */
export const email = z.email().max(254).toLowerCase();

/**
 * A moment, RFC 3339 in UTC or with an offset. PostgreSQL writes a year 0 otherwise, and what adds to a moment must
 * still be a date.
 */
export const moment = z.iso.datetime({ offset: true, abort: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();

  return year >= 1970 && year < 9000;
}, 'must be in the years 1970 to 8999');

/** A count of seconds: the lifetime of a session token. */
export const tokenSeconds = z.int().min(60).max(maxTokenSeconds);

/** What a page of a list is asked by: `cursor` is opaque and comes from the page before. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Most items of the page.'),
  cursor: z.string().max(1024).optional().describe('The `nextCursor` of the page before.'),
};

/** The query of a list without filters. */
export const listQuerySchema = z.strictObject(pageQuery);

/** The query of a list of what happened: from `from` on, before `to`. */
export const periodQuery = {
  from: moment.optional().describe('Nothing before that moment.'),
  to: moment.optional().describe('Only what is before that moment.'),
};

/** A page of a list; without `nextCursor` it is the last one. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().describe('Missing on the last page.'),
  });
}

/** A page of a list, whatever its items are. */
export interface List<Item> {
  items: Item[];
  nextCursor?: string | undefined;
}

export type ListQuery = z.infer<typeof listQuerySchema>;
