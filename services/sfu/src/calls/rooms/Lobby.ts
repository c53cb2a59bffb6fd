import type { Clock } from '@parley/kit';
import {
  ProtocolError,
  type EndReasonName,
  type Joined,
  type LobbyEntry,
  type RequestData,
  type Resumed,
  type Role,
  type Waiting,
} from '@parley/protocol';
import type { IceServersFor } from '../../turn/iceServers.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { CallLimits } from '../callLimits.ts';
import type { CallReporter } from '../CallReporter.ts';
import type { Entrant } from '../callTypes.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import { ParticipantRate } from '../participants/ParticipantRate.ts';
import type { Roster } from '../participants/Roster.ts';
import { reasonOf } from '../reasonOf.ts';
import type { EndedPlaces } from '../recovery/EndedPlaces.ts';
import { placeTaken } from '../recovery/placeTaken.ts';
import { LobbyList } from './LobbyList.ts';
import { Waiter } from './Waiter.ts';
import { Waiters } from './Waiters.ts';

export interface LobbyOptions {
  readonly call: { readonly id: string; readonly roomId?: string };
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly reporter: CallReporter;
  readonly directory: EndpointDirectory;
  readonly endedPlaces: EndedPlaces;
  readonly clock: Clock;
  readonly limits: Pick<CallLimits, 'waiting' | 'resumesPerMinute'>;
  /** How long somebody is waited for whose connection was lost. */
  readonly graceMs: number;
  readonly iceServersFor: IceServersFor;
  /** Lets them into the call. */
  readonly enter: (entrant: Entrant, onJoined: (joined: Joined) => void) => Promise<unknown>;
  /** One fewer waits. */
  readonly onGone: (reason: EndReasonName) => void;
  /** Who waits, or by which token they come back, is another than before. */
  readonly onChanged: () => void;
}

/**
 * Those who wait to be let into the call of a room (`Waiter.ts` has the diagram). They hear of nothing but their own fate.
 * Who is let in while away is in the call and away, and finds their media when they are back.
 */
export class Lobby {
  readonly #options: LobbyOptions;
  readonly #waiters = new Waiters();
  readonly #list: LobbyList;
  readonly #resumes: ParticipantRate;
  /** Why the call has ended. */
  #closedFor: EndReasonName | undefined;

  constructor(options: LobbyOptions) {
    const { call, roster, roles, clock, limits } = options;
    this.#options = options;
    this.#list = new LobbyList({ callId: call.id, roster, roles, clock, entries: () => this.entries });
    this.#resumes = new ParticipantRate({
      perMinute: limits.resumesPerMinute,
      clock,
      refusal: 'The place was resumed too often.',
    });
  }

  get isEmpty(): boolean {
    return this.#waiters.size === 0;
  }

  /** Who waits to be let in. */
  get entries(): LobbyEntry[] {
    return this.#waiters.entries;
  }

  /** Those who wait; who is being let in, too, until they are. */
  get waiters(): readonly Waiter[] {
    return this.#waiters.all;
  }

  /** The devices that wait, or did before their connection was lost. */
  get entrants(): { readonly participantId: string; readonly endpoint: CallEndpoint }[] {
    return this.#waiters.present.map(({ participant, entrant }) => ({
      participantId: participant.id,
      endpoint: entrant.endpoint,
    }));
  }

  /** Who waits on the device, or did before its connection was lost. */
  at(endpoint: CallEndpoint): Participant | undefined {
    return this.#waiters.at(endpoint)?.participant;
  }

  /** Throws `room_full` when as many wait as may. */
  requireRoom(): void {
    if (this.#waiters.size >= this.#options.limits.waiting) {
      throw new ProtocolError('room_full');
    }
  }

  /** There is room for them, as `requireRoom` says. */
  wait(entrant: Entrant, participant: Participant): Waiting {
    const { call, reporter, directory, clock } = this.#options;
    const { endpoint } = entrant;
    this.#waiters.add(new Waiter(participant, entrant, clock.now()));
    directory.setWaiting(endpoint, call.id, true);
    reporter.waits(participant);
    // A connection that was lost on the way here is not lost again.
    if (!endpoint.isConnected) {
      this.endpointGone(endpoint, 'connection_lost');
    }
    this.#changed();

    return {
      action: 'lobby',
      participantId: participant.id,
      resumeToken: participant.resumeTokens.present,
      sequence: participant.mailbox.sequence,
      call,
    };
  }

  /** They waited in an earlier process. */
  restore(waiter: Waiter): void {
    this.#waiters.add(waiter);
    this.#expect(waiter);
  }

  /**
   * Lets them in, each by themselves: who cannot be given media is told so. Rejects with `not_found` when one of them
   * does not wait; then nobody is let in.
   */
  async admit(participantIds: readonly string[]): Promise<void> {
    const waiters = this.#waiters.named(participantIds);
    const entering = waiters.map((waiter) => this.#letIn(waiter));
    this.#changed();
    await Promise.all(entering);
  }

  /** Sends them away. Throws as `admit` rejects. */
  deny(participantIds: readonly string[], reason: EndReasonName): void {
    for (const waiter of this.#waiters.named(participantIds)) {
      this.#dismiss(waiter, reason);
    }
    this.#changed();
    this.#options.onGone(reason);
  }

  /** Sends away those who are meant. */
  expel(isMeant: (participant: Participant) => boolean, reason: EndReasonName): void {
    const theirs = this.#waiters.present.filter(({ participant }) => isMeant(participant));
    if (theirs.length > 0) {
      this.deny(
        theirs.map(({ participant }) => participant.id),
        reason,
      );
    }
  }

  /** The device does not wait any more; answers whether it did. */
  leave(endpoint: CallEndpoint, reason: EndReasonName): boolean {
    const waiter = this.#waiters.at(endpoint);
    if (waiter === undefined) {
      return false;
    }
    this.#forget(waiter, reason);
    this.#changed();
    this.#options.onGone(reason);

    return true;
  }

  /** The connection of the device is gone; nothing happens unless it waits. */
  endpointGone(endpoint: CallEndpoint, reason: EndReasonName): void {
    const waiter = this.#waiters.at(endpoint);
    if (waiter === undefined) {
      return;
    }
    if (reason !== 'connection_lost') {
      this.leave(endpoint, reason);

      return;
    }
    const { directory, reporter, call } = this.#options;
    this.#expect(waiter);
    directory.setWaiting(endpoint, call.id, false);
    reporter.lost(waiter.participant, endpoint.id);
  }

  /** The place the token was made for, if it is one of those who wait, or are being let in. */
  resumable(endpoint: Pick<CallEndpoint, 'identity'>, resumeToken: string): Participant | undefined {
    return this.#waiters.resumable(endpoint, resumeToken);
  }

  /**
   * Takes the endpoint back to where it waited; answers nothing when they are not, or no longer, there. Rejects with
   * `too_many_requests` when the place was resumed too often of late.
   */
  async resume(
    { id }: Participant,
    endpoint: CallEndpoint,
    { resumeToken, sequence }: RequestData<'resume'>,
  ): Promise<Resumed | undefined> {
    const waiter = this.#waiters.get(id);
    if (waiter === undefined || waiter.isEntering) {
      // Once that is over they wait no more, one way or the other.
      await waiter?.entered;

      return undefined;
    }
    if (!endpoint.isConnected) {
      throw new ProtocolError('call_not_found');
    }
    this.#resumes.require(waiter.participant);
    const { directory, reporter, call, iceServersFor, onChanged } = this.#options;
    const { participant, entrant } = waiter;
    participant.mailbox.dismiss(placeTaken(call.id), endpoint);
    directory.setWaiting(entrant.endpoint, call.id, false);
    directory.setWaiting(endpoint, call.id, true);
    waiter.resume(endpoint);
    reporter.resumed(participant, endpoint.id, 'resume');
    const next = participant.resumeTokens.rotate(resumeToken);
    onChanged();

    return {
      action: 'lobby',
      resumeToken: next,
      iceServers: iceServersFor(endpoint),
      missed: [...(participant.mailbox.since(sequence) ?? [])],
      sequence: participant.mailbox.sequence,
    };
  }

  /** The participant had that role until now: who may manage the lobby sees who waits, and nobody else. */
  roleChanged(participant: Participant, before: Role): void {
    this.#list.roleChanged(participant, before);
  }

  /** The call has ended for them, too. */
  close(reason: EndReasonName): void {
    this.#closedFor = reason;
    this.#list.close();
    for (const waiter of this.#waiters.present) {
      this.#dismiss(waiter, reason);
    }
  }

  /** The call goes on in the next process, and they wait there, also who was about to be let in. */
  leaveAll(): void {
    const { directory, reporter, call } = this.#options;
    this.#list.close();
    for (const waiter of this.#waiters.all) {
      reporter.waitsOn(waiter.participant);
      directory.setWaiting(waiter.entrant.endpoint, call.id, false);
      waiter.leave();
    }
    this.#waiters.clear();
  }

  /** They are away, and waited for. */
  #expect(waiter: Waiter): void {
    const { clock, graceMs } = this.#options;
    const { endpoint } = waiter.entrant;
    waiter.lose(clock.schedule(graceMs, () => void this.leave(endpoint, 'connection_lost')));
  }

  #letIn(waiter: Waiter): Promise<void> {
    const { call, directory, enter, onGone, onChanged } = this.#options;
    const { participant } = waiter;
    directory.setWaiting(waiter.entrant.endpoint, call.id, false);

    return waiter.admit(async (entrant) => {
      try {
        await enter(entrant, (joined) => {
          this.#waiters.delete(waiter);
          waiter.leave();
          // The notification is the answer, and counts among those that the client has heard then.
          const sequence = participant.mailbox.sequence + 1;
          participant.tell({ name: 'admitted', data: { callId: call.id, joined: { ...joined, sequence } } });
        });
      } catch (error) {
        // The process stops, and the next one has them.
        if (!waiter.isEntering) {
          return;
        }
        const reason = this.#closedFor ?? reasonOf(error);
        this.#dismiss(waiter, reason);
        onChanged();
        onGone(reason);
      }
    });
  }

  #dismiss(waiter: Waiter, reason: EndReasonName): void {
    waiter.participant.tell({ name: 'callEnded', data: { callId: this.#options.call.id, reason } });
    this.#forget(waiter, reason);
  }

  #forget(waiter: Waiter, reason: EndReasonName): void {
    const { call, directory, reporter, endedPlaces } = this.#options;
    const { participant, entrant } = waiter;
    waiter.leave();
    this.#waiters.delete(waiter);
    participant.mailbox.detach();
    directory.setWaiting(entrant.endpoint, call.id, false);
    reporter.turnedAway(participant, reason);
    endedPlaces.remember(call.id, participant, reason);
  }

  #changed(): void {
    this.#options.onChanged();
    this.#list.changed();
  }
}
