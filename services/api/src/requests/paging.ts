import { userIdSchema } from '@parley/protocol';
import type { ListQuery } from '@parley/protocol/rest';
import { InvalidRequestError } from './parse.ts';

/**
 * Lists run in the order of their ids and a cursor holds the last one of its page, so that neither a deleted
 * item nor a new one makes a reader miss or repeat another.
 */
export interface PageRequest {
  readonly limit: number;
  /** The id to go on behind. */
  readonly after: string | undefined;
}

/** What a list's query asks for. */
export function toPageRequest({ limit, cursor }: ListQuery): PageRequest {
  return { limit, after: cursor === undefined ? undefined : idOfCursor(cursor) };
}

/** Makes a page out of one row more than it may hold, which tells whether there is another. */
export function toPage<Row extends { id: string }, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor?: string } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const items = page.map((row) => toItem(row));

  return last === undefined || rows.length <= limit
    ? { items }
    : { items, nextCursor: Buffer.from(last.id).toString('base64url') };
}

/** What is answered to a cursor that no page of the list gave. */
export function notACursor(): InvalidRequestError {
  return new InvalidRequestError([{ pointer: '/cursor', detail: 'is not a cursor of this list' }]);
}

function idOfCursor(cursor: string): string {
  const id = userIdSchema.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (!id.success) {
    throw notACursor();
  }

  return id.data;
}
