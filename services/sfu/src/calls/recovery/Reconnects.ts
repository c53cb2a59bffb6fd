import { ProtocolError, type CallSnapshot, type RequestData, type Resumed } from '@parley/protocol';
import type { Clock } from '@parley/kit';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { EndpointDirectory } from '../EndpointDirectory.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface ReconnectsOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly directory: EndpointDirectory;
  readonly clock: Clock;
  /** How long a place is kept. */
  readonly graceMs: number;
  readonly snapshotFor: (participant: Participant) => CallSnapshot;
  /** Nobody came back in time. */
  readonly onExpired: (participant: Participant) => void;
}

/** The places of one call whose connection was lost, and the ways back to them. */
export class Reconnects {
  readonly #options: ReconnectsOptions;

  constructor(options: ReconnectsOptions) {
    this.#options = options;
  }

  /** The participant's connection is lost: their place is kept for a while. */
  lose(participant: Participant): void {
    this.#options.onExpired(participant);
  }

  async resume(
    _participant: Participant,
    _endpoint: CallEndpoint,
    _request: RequestData<'resume'>,
  ): Promise<Resumed> {
    throw new ProtocolError('not_supported');
  }

  /** The participant is out of the call for good. */
  forget(_participant: Participant): void {}

  /** Idempotent. */
  close(): void {}
}
