import { Listing } from '../Listing.ts';
import type { Call, CallStats, CallStatsQuery, ListCallsQuery } from '../models.ts';
import { path } from '../path.ts';
import type { RequestOptions, Transport } from '../Transport.ts';

/** Calls that are live, and records of those that ended. */
export class Calls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  list(query?: ListCallsQuery, options?: RequestOptions): Listing<Call> {
    return new Listing(this.#transport, path`/v1/calls`, query, options);
  }

  get(callId: string, options?: RequestOptions): Promise<Call> {
    return this.#transport.send({ method: 'GET', path: path`/v1/calls/${callId}`, ...options });
  }

  /** Ends a live call for everyone. */
  end(callId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'POST',
      path: path`/v1/calls/${callId}/end`,
      body: {},
      ...options,
    });
  }

  removeParticipant(callId: string, participantId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'DELETE',
      path: path`/v1/calls/${callId}/participants/${participantId}`,
      ...options,
    });
  }

  /** Mutes a participant's microphone; they may unmute again. */
  muteParticipant(callId: string, participantId: string, options?: RequestOptions): Promise<void> {
    return this.#transport.send({
      method: 'POST',
      path: path`/v1/calls/${callId}/participants/${participantId}/mute`,
      body: {},
      ...options,
    });
  }

  /** Counts calls over time. */
  stats(query: CallStatsQuery, options?: RequestOptions): Promise<CallStats> {
    return this.#transport.send({
      method: 'GET',
      path: path`/v1/call-stats`,
      query: { ...query },
      ...options,
    });
  }
}
