import type { LoadLimits } from './loadLimits.ts';

/**
 * What a worker does to stay able to carry what it has, each step with those before it.
 *
 *     none ◄──► fewerVideos ◄──► noNewVideo ◄──► noJoin
 */
export const sheddingSteps = ['none', 'fewerVideos', 'noNewVideo', 'noJoin'] as const;

export type Shedding = (typeof sheddingSteps)[number];

/** When the steps that are in force make it worth trying again. */
export const sheddingRetrySeconds = 10;

/**
 * The step for a load that has lately not been below `atLeast` nor above `atMost`: up when all measurements say so,
 * down when all do, so that one outlier changes nothing.
 */
export function sheddingAfter(
  before: Shedding,
  { atLeast, atMost }: { readonly atLeast: number; readonly atMost: number },
  limits: LoadLimits,
): Shedding {
  const [up, down] = [stepOf(atLeast, limits), stepOf(atMost, limits)];
  const isAbove = (one: Shedding, other: Shedding): boolean =>
    sheddingSteps.indexOf(one) > sheddingSteps.indexOf(other);
  if (isAbove(up, before)) {
    return up;
  }

  return isAbove(before, down) ? down : before;
}

/** Whether that step is taken while `present` is in force. */
export function sheds(present: Shedding, step: Shedding): boolean {
  return sheddingSteps.indexOf(present) >= sheddingSteps.indexOf(step);
}

function stepOf(load: number, limits: LoadLimits): Shedding {
  if (load > limits.noJoinAbove) {
    return 'noJoin';
  }
  if (load > limits.noNewVideoAbove) {
    return 'noNewVideo';
  }

  return load > limits.fewerVideosAbove ? 'fewerVideos' : 'none';
}
