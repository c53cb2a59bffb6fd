/** What one call may be asked for, beside what its application limits. */
export interface CallLimits {
  /** Entrances a second, twice as many at once. */
  readonly joinsPerSecond: number;
  /** Entrances of one user into it a minute, four times as many at once. */
  readonly entrancesPerMinute: number;
  /**
   * What all participants do a second that everybody is told of, four times as much at once; of it one user may do a
   * tenth.
   */
  readonly actionsPerSecond: number;
  /**
   * How often a minute one participant may begin to send one source, or go on after a hold, all of which may come at
   * once.
   */
  readonly beginningsPerMinute: number;
  /** How often a minute one user may ring another, all of which may come at once. */
  readonly ringsPerMinute: number;
  /** The most who wait in its lobby; whoever comes then is told that it is full. */
  readonly waiting: number;
  /** Restarts of ICE a minute of one participant, all of which may come at once. */
  readonly iceRestartsPerMinute: number;
  /** Returns a minute of one participant to their place, all of which may come at once; each restarts ICE as well. */
  readonly resumesPerMinute: number;
  /** How often a minute one user may try the network without a call, all of which may come at once. */
  readonly probesPerMinute: number;
}

export const standardCallLimits: CallLimits = {
  /** A large meeting that begins is in within seconds, and its clients come back when they are told to. */
  joinsPerSecond: 100,
  /** As many tabs as a user has connections enter at once; beyond that nobody means to come and go so often. */
  entrancesPerMinute: 6,
  /**
   * As many as data messages. Of 250 people each may do two things every second; and those who enter as fast as may be
   * entered begin to send two streams each, which costs two units a stream.
   */
  actionsPerSecond: 500,
  /** Somebody who plays with the button of their camera is not refused. */
  beginningsPerMinute: 20,
  /** Somebody who does not answer is rung again, and is left in peace then. */
  ringsPerMinute: 6,
  waiting: 250,
  /** As many as a client that looks for a path again asks for in one go. */
  iceRestartsPerMinute: 6,
  /** A client whose socket breaks every few seconds is let back each time. */
  resumesPerMinute: 20,
  /** A pre-call test of the SDK starts two or three. */
  probesPerMinute: 12,
};
