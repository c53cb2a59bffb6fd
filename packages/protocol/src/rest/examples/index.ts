import { applicationExamples } from './applications.ts';
import { callExamples } from './calls.ts';
import type { OperationExamples } from './example.ts';
import { roomExamples } from './rooms.ts';
import { tokenExamples } from './tokens.ts';
import { userExamples } from './users.ts';

/** The documented examples of every operation; the compiler finds one that has none. */
export const operationExamples: OperationExamples = {
  ...userExamples,
  ...tokenExamples,
  ...roomExamples,
  ...callExamples,
  ...applicationExamples,
};

export type { AnyExample } from './example.ts';
export * as exampleWorld from './world.ts';
