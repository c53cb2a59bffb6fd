/** What a step may tell and must heed while it runs. */
export interface StepContext {
  /** Shows what it is at, in a few words. */
  progress: (text: string) => void;
  /** Aborted when the user gives up. */
  signal: AbortSignal;
}

/** One thing that a bare machine or a fresh checkout lacks. */
export interface Step {
  /** What it brings, as the line on the screen names it. */
  readonly name: string;
  /** Where it cannot be brought, the set-up says so and goes on: what needs it is skipped, and says so, too. */
  readonly isOptional?: boolean;
  /** Looks only at files, in milliseconds: it runs at every start. */
  isDone(): Promise<boolean> | boolean;
  /** Answers how it was brought, in a few words. */
  run(context: StepContext): Promise<string>;
}
