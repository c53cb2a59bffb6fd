import type { Clock, Timer } from '@parley/kit';
import {
  ProtocolError,
  type CallSnapshot,
  type EndReasonName,
  type RequestData,
  type RestartedIce,
  type Resumed,
} from '@parley/protocol';
import type { CallMedia, ParticipantMedia } from '../../media/mediaTypes.ts';
import type { IceServersFor } from '../../turn/iceServers.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { CallLimits } from '../callLimits.ts';
import type { CallReporter } from '../CallReporter.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import type { Participant } from '../participants/Participant.ts';
import { ParticipantRate } from '../participants/ParticipantRate.ts';
import type { Roster } from '../participants/Roster.ts';
import { catchUp } from './catchUp.ts';
import type { EndedPlaces } from './EndedPlaces.ts';
import { LostMedia } from './LostMedia.ts';
import { placeTaken } from './placeTaken.ts';

export interface ReconnectsOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly media: CallMedia;
  readonly reporter: CallReporter;
  readonly directory: EndpointDirectory;
  readonly endedPlaces: EndedPlaces;
  readonly clock: Clock;
  readonly limits: Pick<CallLimits, 'iceRestartsPerMinute' | 'resumesPerMinute'>;
  /** How long a place is kept. */
  readonly graceMs: number;
  readonly iceServersFor: IceServersFor;
  readonly snapshotFor: (participant: Participant) => CallSnapshot;
  /** Throws `invalid_state` for a device that has a place in the call which is not the participant's. */
  readonly requireNoPlaceBut: (own: Participant, endpoint: CallEndpoint) => void;
  /** Somebody is back, with another token for the next time. */
  readonly onResumed: (participant: Participant) => void;
  /** Nobody came back in time. */
  readonly onExpired: (participant: Participant) => void;
}

/**
 * The places of one call whose connection was lost, and the ways back to them. Who is away hears of nothing and is
 * seen by the others as `reconnecting`; their media flows on.
 */
export class Reconnects {
  readonly #options: ReconnectsOptions;
  /** Of those who are away. */
  readonly #graces = new Map<Participant, Timer>();
  readonly #iceRestarts: ParticipantRate;
  readonly #resumes: ParticipantRate;
  /** Media on its way to those whose media was lost. */
  readonly #remaking = new Map<Participant, Promise<void>>();

  constructor(options: ReconnectsOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.#iceRestarts = new ParticipantRate({
      perMinute: limits.iceRestartsPerMinute,
      clock,
      refusal: 'ICE was restarted too often.',
    });
    this.#resumes = new ParticipantRate({
      perMinute: limits.resumesPerMinute,
      clock,
      refusal: 'The place was resumed too often.',
    });
  }

  /** The participant's connection is lost: their place is kept for a while. */
  lose(participant: Participant): void {
    const { roster, directory, reporter, callId } = this.#options;
    const endpoint = roster.lose(participant);
    if (endpoint === undefined) {
      return;
    }
    directory.leftCall(endpoint, callId);
    reporter.lost(participant, endpoint.id);
    this.expect(participant);
    this.#tellState(participant);
  }

  /** The participant is away, and waited for from now on. */
  expect(participant: Participant): void {
    const { clock, graceMs, onExpired } = this.#options;
    this.#graces.get(participant)?.cancel();
    const grace = clock.schedule(graceMs, () => onExpired(participant));
    this.#graces.set(participant, grace);
  }

  /**
   * Puts the endpoint in the participant's place, whether the connection before was lost or has not been noticed to be
   * dead; not one that has been overtaken by a later one of the same client meanwhile. Rejects with `unavailable` when no
   * media can be had for them now, and with `too_many_requests`: the answer is long, and ICE is restarted each time.
   */
  async resume(
    participant: Participant,
    endpoint: CallEndpoint,
    { resumeToken, sequence }: RequestData<'resume'>,
  ): Promise<Resumed> {
    const { roster, reporter, iceServersFor, snapshotFor, requireNoPlaceBut } = this.#options;
    // As good as asking for the epoch: a removal takes all places of the identity off the roster in the same turn, none is
    // put back, and who is rung in again has another.
    const isTheirs = (): boolean =>
      roster.find(participant.id) === participant && participant.claimant === endpoint;
    this.#resumes.require(participant);
    const ice = await this.#mend(participant);
    // Before there is nothing to say of their media.
    while (isTheirs() && participant.media.moving !== undefined) {
      await participant.media.moving;
    }
    if (!isTheirs()) {
      return { action: 'stop', reason: this.#reasonOf(participant, resumeToken) };
    }
    if (!endpoint.isConnected) {
      throw new ProtocolError('call_not_found');
    }
    requireNoPlaceBut(participant, endpoint);
    this.#seat(participant, endpoint);
    const isRejoining = ice === undefined || participant.mailbox.wasResetAfter(sequence);
    const answer = {
      ...catchUp(participant, { sequence, isRejoining, snapshotFor }),
      resumeToken: participant.resumeTokens.rotate(resumeToken),
      iceServers: iceServersFor(endpoint),
    };

    reporter.resumed(participant, endpoint.id, isRejoining ? 'rejoin' : 'resume');
    this.#options.onResumed(participant);

    return isRejoining
      ? { action: 'rejoin', ...answer, media: participant.media.parameters }
      : { action: 'resume', ...answer, ice };
  }

  /** Rejects with `too_many_requests` when the participant has asked for too many of late. */
  async restartIce(participant: Participant): Promise<RestartedIce> {
    this.#iceRestarts.require(participant);

    const restarted = await participant.media.restartIce();
    this.#options.reporter.iceRestarted(participant);

    return restarted;
  }

  /** The participant is out of the call for good. */
  forget(participant: Participant, reason: EndReasonName): void {
    const { endedPlaces, callId } = this.#options;
    this.#endGrace(participant);
    if (participant.isPresent) {
      endedPlaces.remember(callId, participant, reason);
    }
  }

  /** The call has ended, and every place in it with it. */
  remember(reason: EndReasonName): void {
    for (const participant of this.#options.roster.all) {
      this.forget(participant, reason);
    }
  }

  /** Nobody is waited for any more. Idempotent. */
  close(): void {
    for (const participant of this.#graces.keys()) {
      this.#endGrace(participant);
    }
  }

  /**
   * Gives the transports new ICE credentials; or makes media anew, and answers none, for somebody whose media was lost
   * with the process.
   */
  async #mend(participant: Participant): Promise<RestartedIce | undefined> {
    const { media } = participant;
    if (!(media instanceof LostMedia)) {
      return media.restartIce();
    }
    // Two connections of one client may ask at once.
    const remaking = this.#remaking.get(participant) ?? this.#remake(participant);
    this.#remaking.set(participant, remaking);
    await remaking.finally(() => this.#remaking.delete(participant));

    return undefined;
  }

  async #remake(participant: Participant): Promise<void> {
    const { media: callMedia, roster } = this.#options;
    const { id, offer, producers } = participant;
    if (offer === undefined) {
      throw new ProtocolError('call_not_found');
    }
    const media: ParticipantMedia = await callMedia.addParticipant(id, offer, producers);
    if (roster.find(id) !== participant) {
      media.close();

      return;
    }
    participant.replaceMedia(media);
    if (participant.isOnHold) {
      await media.setOnHold(true);
    }
  }

  #seat(participant: Participant, endpoint: CallEndpoint): void {
    const { roster, directory, callId } = this.#options;
    participant.mailbox.dismiss(placeTaken(callId), endpoint);
    const before = roster.resume(participant, endpoint);
    directory.enteredCall(endpoint, callId);
    if (before !== undefined && before !== endpoint) {
      directory.leftCall(before, callId);
    }
    this.#endGrace(participant);
    if (before === undefined) {
      this.#tellState(participant);
    }
  }

  #endGrace(participant: Participant): void {
    this.#graces.get(participant)?.cancel();
    this.#graces.delete(participant);
  }

  #tellState(participant: Participant): void {
    const { roster, callId } = this.#options;
    const { id: participantId, state } = participant.info;
    roster.tell({ name: 'participantStateChanged', data: { callId, participantId, state } }, participant);
  }

  #reasonOf({ identity }: Participant, resumeToken: string): EndReasonName {
    const { endedPlaces, callId } = this.#options;

    return endedPlaces.reasonFor(callId, identity.userId, resumeToken) ?? 'connection_lost';
  }
}
