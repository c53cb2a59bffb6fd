import { useEffect, useRef, useState } from 'react';

interface Resource {
  dispose(): unknown;
}

/** What came of opening it; neither before. */
export interface Opened<Value> {
  readonly value?: Value;
  readonly error?: unknown;
}

/** While something is being opened, and while there is nothing to open. */
const pending: Opened<never> = {};

/**
 * What `open` resolves with, from when the component is mounted until it is unmounted, and then disposed; another `open` has it
 * opened anew. One after another: the next is opened when the one before was disposed. What was not begun is never begun:
 * StrictMode, which mounts twice in one go, opens one.
 *
 * @param open Its signal says that nobody waits any more. Undefined opens nothing. Keep it with `useCallback`.
 */
export function useResource<Value extends Resource>(
  open: ((signal: AbortSignal) => Promise<Value>) | undefined,
): Opened<Value> {
  const [state, setState] = useState<Opened<Value> & { of?: typeof open }>(pending);
  /** Settles when all that was begun is done. */
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  useEffect(() => {
    if (open === undefined) {
      return undefined;
    }
    const unmounted = new AbortController();
    const { signal } = unmounted;
    const opening = queue.current.then(async () => (signal.aborted ? undefined : open(signal)));
    queue.current = opening.then(
      (value) => signal.aborted || setState({ of: open, ...(value && { value }) }),
      (error: unknown) => signal.aborted || setState({ of: open, error }),
    );

    return () => {
      unmounted.abort();
      setState(pending);
      const close = async (): Promise<unknown> => (await opening)?.dispose();
      // What could not be opened need not be closed.
      queue.current = close().catch(() => {});
    };
  }, [open]);

  // Between two effects it is still what was opened before.
  return state.of === open ? state : pending;
}
