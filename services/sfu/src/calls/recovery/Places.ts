import type { Backplane, Revocation } from '@parley/backplane';
import { ProtocolError, type Joined, type RequestData, type Resumed } from '@parley/protocol';
import type { Call } from '../Call.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import type { Participant } from '../participants/Participant.ts';
import type { EndedPlaces } from './EndedPlaces.ts';

export interface PlacesOptions {
  readonly calls: ReadonlyMap<string, Call>;
  readonly directory: EndpointDirectory;
  readonly endedPlaces: EndedPlaces;
  readonly backplane: Pick<Backplane, 'admission' | 'callDirectory' | 'nodes'>;
  /** This one. */
  readonly nodeId: string;
}

/** Whose a place is. */
type PlaceOwner = Pick<CallEndpoint, 'applicationId' | 'identity'>;

/** The places in all calls of this node, and who may come back to them. */
export class Places {
  readonly #options: PlacesOptions;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /**
   * Takes the endpoint back to the place that the token was made for. Nobody learns of the places of others: to a token
   * that was made for none, every place is lost.
   */
  async resume(endpoint: CallEndpoint, request: RequestData<'resume'>): Promise<Resumed> {
    const { directory, calls, endedPlaces } = this.#options;
    const { callId, resumeToken } = request;
    const { applicationId, identity } = endpoint;
    const call = calls.get(callId);
    const resumed =
      call?.applicationId === applicationId
        ? await directory.whileEntering(endpoint, callId, () => this.#resumeIn(call, endpoint, request))
        : undefined;
    if (resumed !== undefined) {
      return resumed;
    }
    const reason = endedPlaces.reasonFor(callId, identity.userId, resumeToken);
    const url = reason === undefined ? await this.elsewhere(applicationId, callId) : undefined;

    return url === undefined
      ? { action: 'stop', reason: reason ?? 'connection_lost' }
      : { action: 'redirect', url };
  }

  /** Whether one of the tokens was made for a place that is kept for the user. */
  isKept(owner: PlaceOwner, resumeTokens: readonly string[]): boolean {
    return this.#of(owner.applicationId).some((call) =>
      resumeTokens.some((resumeToken) => isKeptIn(call, owner, resumeToken)),
    );
  }

  /** What somebody is answered who asks again for what has let them in. Rejects with `call_not_found` when they are out. */
  async joinedAgain(applicationId: string, callId: string, participantId: string): Promise<Joined> {
    const call = this.#options.calls.get(callId);
    const participant = call?.find(participantId);
    if (call?.applicationId !== applicationId || participant === undefined) {
      throw new ProtocolError('call_not_found');
    }
    if (participant.media.moving !== undefined) {
      await participant.media.moving;

      return this.joinedAgain(applicationId, callId, participantId);
    }

    return {
      action: 'joined',
      participantId,
      resumeToken: participant.resumeTokens.present,
      sequence: participant.mailbox.sequence,
      call: call.snapshotFor(participant),
      media: participant.media.parameters,
    };
  }

  /** Ends the places whose tokens are void, whether or not anybody is connected there. */
  endRevoked({ applicationId }: Pick<Revocation, 'applicationId'>): void {
    const { admission } = this.#options.backplane;
    for (const call of this.#of(applicationId)) {
      // Whoever is not there any more when their turn comes has gone with the call.
      for (const participant of call.present) {
        if (participant.bearer !== undefined && admission.isRevoked(participant.bearer.token) === true) {
          call.expel(participant, 'unauthenticated');
        }
      }
      for (const { endpoint } of call.lobby.entrants) {
        if (admission.isRevoked(endpoint.token) === true) {
          call.lobby.leave(endpoint, 'unauthenticated');
        }
      }
    }
  }

  /** Where another node has the call; whether the token was made for a place in it, that node finds. */
  async elsewhere(applicationId: string, callId: string): Promise<string | undefined> {
    const { backplane, calls, nodeId } = this.#options;
    if (calls.has(callId)) {
      return undefined;
    }
    const listed = await backplane.callDirectory.find(applicationId, callId);
    const isElsewhere = listed !== undefined && listed.nodeId !== nodeId;

    return isElsewhere ? (await backplane.nodes.find(listed.nodeId))?.url : undefined;
  }

  /** In the call, or before its door. Answers nothing when the token was made for neither. */
  async #resumeIn(
    call: Call,
    endpoint: CallEndpoint,
    request: RequestData<'resume'>,
  ): Promise<Resumed | undefined> {
    const waiting = call.lobby.resumable(endpoint, request.resumeToken);
    const place = waiting ?? call.resumable(endpoint, request.resumeToken);
    if (place !== undefined) {
      call.entrances.requireNoPlaceBut(place, endpoint);
      if (!this.#claim(place, endpoint)) {
        return { action: 'stop', reason: 'connection_lost' };
      }
    }
    const resumed = waiting && (await call.lobby.resume(waiting, endpoint, request));
    // Meanwhile they may have been let in.
    const participant = call.resumable(endpoint, request.resumeToken);

    return resumed ?? (participant && call.reconnects.resume(participant, endpoint, request));
  }

  /**
   * Whether the place is the endpoint's to have: what an earlier connection asks for so late was stuck on the way, and its
   * client has gone on to the next one since. It must not cost that one its place, nor void the token it was given.
   */
  #claim(place: Participant, endpoint: CallEndpoint): boolean {
    const { claimant } = place;
    if (claimant !== undefined && this.#options.directory.cameBefore(endpoint, claimant)) {
      return false;
    }
    place.claimant = endpoint;

    return true;
  }

  #of(applicationId: string): Call[] {
    return [...this.#options.calls.values()].filter((call) => call.applicationId === applicationId);
  }
}

function isKeptIn(call: Call, owner: PlaceOwner, resumeToken: string): boolean {
  return (call.resumable(owner, resumeToken) ?? call.lobby.resumable(owner, resumeToken)) !== undefined;
}
