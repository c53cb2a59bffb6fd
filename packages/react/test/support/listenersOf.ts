interface Listened {
  on(name: never, listener: () => void): () => void;
}

export interface Listeners {
  /** How many listen at the moment. */
  readonly count: number;
  /** How often somebody has begun to. */
  readonly added: number;
  /** To what. */
  readonly names: readonly string[];
}

/** Counts who listens to an object from now on. */
export function listenersOf(object: Listened): Listeners {
  const on = object.on.bind(object) as (name: string, listener: () => void) => () => void;
  let count = 0;
  const names: string[] = [];
  const counted = (name: string, listener: () => void): (() => void) => {
    const dispose = on(name, listener);
    let isListening = true;
    count += 1;
    names.push(name);

    return () => {
      count -= isListening ? 1 : 0;
      isListening = false;
      dispose();
    };
  };
  Object.assign(object, { on: counted });

  return {
    get count() {
      return count;
    },
    get added() {
      return names.length;
    },
    names,
  };
}
