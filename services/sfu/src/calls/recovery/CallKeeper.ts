import { createHash } from 'node:crypto';
import type {
  CallKind,
  CallNotification,
  CallSettings,
  CallState,
  MediaOffer,
  RtpCapabilities,
} from '@parley/protocol';
import type { Bearer } from '../CallEndpoint.ts';
import type { KeptFeatures } from '../features/CallFeatures.ts';
import type { KeptMembers } from '../Members.ts';
import type { Participant } from '../participants/Participant.ts';
import type { KeptRemoval } from '../Removals.ts';
import type { Waiter } from '../rooms/Waiter.ts';
import type { CallJournal } from './CallJournal.ts';
import type { JournalPage } from './JournalPage.ts';
import type { KeptCall, KeptParticipant, KeptPlace, KeptWaiter } from './keptCall.ts';

/** What everybody hears of and a call is not the same after. */
const lasting: ReadonlySet<CallNotification['name']> = new Set([
  'callStateChanged',
  'callKindChanged',
  'participantJoined',
  'participantStateChanged',
  'participantLeft',
  'holdChanged',
  'roleChanged',
  'producerAdded',
  'producerPaused',
  'producerResumed',
  'producerRemoved',
  'handRaised',
  'handLowered',
  'spotlightChanged',
  'customDataChanged',
  'chatSent',
]);

/** What a call says of itself to be kept. */
export interface CallDescription {
  readonly id: string;
  readonly applicationId: string;
  readonly kind: CallKind;
  readonly state: CallState;
  readonly roomId?: string;
  readonly settings: CallSettings;
  readonly participants: readonly Participant[];
  readonly waiters: readonly Waiter[];
  readonly members: KeptMembers;
  readonly removals: readonly KeptRemoval[];
  readonly features: KeptFeatures;
}

/** What somebody has come with, and what the others have. */
interface Lasting {
  readonly offer: MediaOffer;
  readonly bearer: Bearer;
  readonly capabilities: Map<string, RtpCapabilities>;
}

/** Keeps one call in the journal for as long as it goes on. */
export class CallKeeper {
  readonly #describe: () => CallDescription;
  readonly #journal: CallJournal;
  readonly #page: JournalPage;
  /** What tells the capabilities of one make of clients from another's: too long to be made each time. */
  readonly #keys = new WeakMap<RtpCapabilities, string>();

  constructor(journal: CallJournal, callId: string, describe: () => CallDescription) {
    this.#describe = describe;
    this.#journal = journal;
    this.#page = journal.page(callId, () => this.#keep());
  }

  /** The participants are told this. */
  hear({ name }: CallNotification): void {
    if (lasting.has(name)) {
      this.#page.touch();
    }
  }

  /** Something has changed that nobody is told of. */
  touch(): void {
    this.#page.touch();
  }

  /** Whether another process could go on with the call by now. */
  get isWritten(): boolean {
    return this.#page.isWritten;
  }

  /** The process stops: the call as it is now is what the next one goes on with. */
  leave(): void {
    this.#journal.leave(this.#page);
  }

  /** The call is over. */
  close(): void {
    this.#journal.remove(this.#page);
  }

  #keep(): KeptCall {
    const { participants, waiters, members, removals, ...call } = this.#describe();
    const capabilities = new Map<string, RtpCapabilities>();
    const kept = participants.flatMap((participant) => this.#keepParticipant(participant, capabilities));
    const waiting = waiters.map((waiter) => this.#keepWaiter(waiter, capabilities));

    return {
      version: 1,
      ...call,
      members: { ...members },
      removals: [...removals],
      participants: kept,
      waiting,
      ringing: participants.filter(({ state }) => state === 'ringing').map(({ id }) => id),
      capabilities: Object.fromEntries(capabilities),
    };
  }

  #keepParticipant(participant: Participant, capabilities: Map<string, RtpCapabilities>): KeptParticipant[] {
    const { isOnHold, handRaisedAtMs, producers, offer, bearer } = participant;
    if (offer === undefined || bearer === undefined) {
      return [];
    }

    return [
      {
        ...this.#keepPlace(participant, { offer, bearer, capabilities }),
        isOnHold,
        ...(handRaisedAtMs === undefined ? {} : { handRaisedAtMs }),
        producers: [...producers],
      },
    ];
  }

  #keepWaiter(
    { participant, entrant, sinceMs }: Waiter,
    capabilities: Map<string, RtpCapabilities>,
  ): KeptWaiter {
    const { offer, endpoint: bearer, capacity, kickSiblings } = entrant;

    return {
      ...this.#keepPlace(participant, { offer, bearer, capabilities }),
      sinceMs,
      ...(capacity === undefined ? {} : { capacity }),
      ...(kickSiblings === undefined ? {} : { kickSiblings }),
    };
  }

  /** Puts their capabilities among the others', unless the same are there already. */
  #keepPlace(
    { id, identity, role, epoch, turn, mailbox, resumeTokens }: Participant,
    { offer, bearer, capabilities }: Lasting,
  ): KeptPlace {
    const { rtpCapabilities, ...rest } = offer;
    const key = this.#keyOf(rtpCapabilities);
    capabilities.set(key, rtpCapabilities);

    return {
      id,
      identity,
      role,
      epoch,
      turn,
      sequence: mailbox.sequence,
      resumeTokens: resumeTokens.kept,
      scopes: [...bearer.scopes],
      ...(bearer.guestOf === undefined ? {} : { guestOf: { ...bearer.guestOf } }),
      token: bearer.token,
      offer: { ...rest, capabilities: key },
    };
  }

  #keyOf(capabilities: RtpCapabilities): string {
    const key =
      this.#keys.get(capabilities) ??
      createHash('sha256').update(JSON.stringify(capabilities)).digest('base64url');
    this.#keys.set(capabilities, key);

    return key;
  }
}
