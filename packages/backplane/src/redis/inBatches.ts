/** So many that a script of Redis's, during which everybody else waits, takes about a millisecond. */
const batch = 200;

/** What `ask` answers for each of the items, in their order. */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let first = 0; first < items.length; first += batch) {
    answers.push(...(await ask(items.slice(first, first + batch))));
  }

  return answers;
}
