import type { EndReasonName } from '@parley/calling';

/** Whom or what to call, and to call again. */
export interface CallTarget {
  readonly kind: 'person' | 'room';
  readonly id: string;
  readonly name?: string | undefined;
}

export interface Outcome {
  readonly reason: EndReasonName;
  readonly target: CallTarget;
  /** This person left; nobody else ended the call. */
  readonly endedHere: boolean;
}
