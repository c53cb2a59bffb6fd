import type { MethodWorld } from './methodWorld.ts';

/** What became of a call of a method: the code of its `CallError`, say. */
export type Outcome = 'done' | 'TypeError' | (string & {});

/** How one public method is to answer. */
export interface MethodCase {
  /** Arguments that it takes. */
  readonly right?: (world: MethodWorld) => readonly unknown[];
  /** Lists of arguments each of which is a `TypeError`; without, there is none that could be wrong. */
  readonly wrong?: (world: MethodWorld) => readonly (readonly unknown[])[];
  /** Of a call: before it is entered. */
  readonly early?: Outcome;
  /** After the end of what it is of: the client, for the client and its devices, and the call for the others. */
  readonly late: Outcome;
}
