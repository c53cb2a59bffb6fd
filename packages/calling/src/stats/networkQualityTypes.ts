import type { Observable } from '../events.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';

/** `Unknown` until enough was seen; `Poor` can be noticed, and `Bad` disturbs. */
export type QualityLevel = 'Unknown' | 'Good' | 'Poor' | 'Bad';

/**
 * What makes a quality less than good. `connection`: the server cannot be reached, or the media has no path; of a
 * participant, that the server has lost them. `loss`: packets do not arrive. `delay`: they take long, or come unevenly.
 * `bandwidth`: the network has no room for a better picture. `frozen`: a picture stands still that should move.
 */
export type QualityReason = 'connection' | 'loss' | 'delay' | 'bandwidth' | 'frozen';

/** How well media goes over the network. */
export interface Quality {
  /** How well it goes. */
  readonly level: QualityLevel;
  /** What gives it this level; undefined for `Good` and `Unknown`. */
  readonly reason: QualityReason | undefined;
}

/**
 * Where the cause is of what arrives of a participant badly: `theirs`, where it reaches the server badly, the server has lost
 * the participant, or the streams of others arrive well meanwhile; `own`, where everyone's arrive badly; `unknown`, where
 * there is nobody to compare with.
 */
export type QualityOrigin = 'own' | 'theirs' | 'unknown';

/** How well what a participant sends arrives. */
export interface ParticipantQuality extends Quality {
  /** Undefined for `Good` and `Unknown`. */
  readonly origin: QualityOrigin | undefined;
}

export type NetworkQualityEvents = {
  /** What this page sends goes better or worse, or for another reason. */
  sendChanged: [];
  /** What this page receives goes better or worse, or for another reason. */
  receiveChanged: [];
  /** What this participant sends arrives better or worse, or for another reason or from another origin. */
  participantQualityChanged: [RemoteParticipant];
};

/**
 * How well media goes over the network, as a person would notice it: worse after four seconds of it, better after eight.
 * It is looked at from the first `call.feature(NetworkQuality)` until the call ends.
 */
export interface NetworkQuality extends Observable<NetworkQualityEvents> {
  /** Of what this page sends. */
  readonly send: Quality;
  /** Of what this page receives. */
  readonly receive: Quality;
  /**
   * Of what this page receives of somebody.
   *
   * @example
   * const quality = call.feature(NetworkQuality);
   * quality.on('participantQualityChanged', (participant) => {
   *   const { level, reason, origin } = quality.of(participant);
   *   console.log(participant.displayName, level, reason, origin === 'theirs' ? 'it is theirs' : '');
   * });
   * @throws TypeError for what is no participant.
   */
  of(participant: RemoteParticipant): ParticipantQuality;
}
