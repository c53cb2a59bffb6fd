import type { CollectionUpdate } from '../events.ts';

/** What has come and gone from one state of a collection to the next. */
export function changeOf<T>(before: readonly T[], after: readonly T[]): CollectionUpdate<T> {
  return {
    added: after.filter((element) => !before.includes(element)),
    removed: before.filter((element) => !after.includes(element)),
  };
}
