/** A transition that the machine's table does not allow. */
export class InvalidTransitionError extends Error {
  override readonly name = 'InvalidTransitionError';

  constructor(machine: string, from: string, to: string) {
    super(`${machine} cannot go from "${from}" to "${to}".`);
  }
}

export interface StateMachine<State extends string> {
  readonly state: State;
  /** Whether the table allows the step from the present state. */
  canGo(to: State): boolean;
  /** Takes the step and tells `onChange`; throws `InvalidTransitionError` when the table forbids it. */
  go(to: State): void;
}

export interface StateMachineOptions<State extends string> {
  /** Names the machine in errors. */
  name: string;
  initial: State;
  /** Each state with the states it may go to. */
  transitions: Readonly<Record<State, readonly State[]>>;
  onChange?: (to: State, from: State) => void;
}

/** A present state and a table of the steps allowed from it. */
export function createStateMachine<State extends string>(
  options: StateMachineOptions<State>,
): StateMachine<State> {
  const { name, transitions, onChange } = options;
  let state = options.initial;
  const canGo = (to: State): boolean => transitions[state].includes(to);

  return {
    get state() {
      return state;
    },
    canGo,
    go(to) {
      if (!canGo(to)) {
        throw new InvalidTransitionError(name, state, to);
      }
      const from = state;
      state = to;
      onChange?.(to, from);
    },
  };
}
