/** From which load of a worker on what is done about it; fractions of one core, held over several measurements. */
export interface LoadLimits {
  /** Newcomers go to another worker, and calls are moved to others. */
  readonly relieveAbove: number;
  /** Fewer pictures are forwarded to each participant: this many. */
  readonly fewerVideosAbove: number;
  readonly fewerVideos: number;
  /** Nobody is given a picture more. */
  readonly noNewVideoAbove: number;
  /** Nobody is let in. */
  readonly noJoinAbove: number;
}

/** 66 % is where edumeet, which runs the same workers, goes over to the next one; Jitsi speaks of stress at 80 %. */
export const standardLoadLimits: LoadLimits = {
  relieveAbove: 0.66,
  fewerVideosAbove: 0.75,
  fewerVideos: 9,
  noNewVideoAbove: 0.85,
  noJoinAbove: 0.9,
};
