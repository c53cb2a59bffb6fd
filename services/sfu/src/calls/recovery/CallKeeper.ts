import { createHash } from 'node:crypto';
import type { CallKind, CallSettings, RtpCapabilities } from '@parley/protocol';
import type { KeptFeatures } from '../features/CallFeatures.ts';
import type { KeptMembers } from '../Members.ts';
import { Mailbox } from '../participants/Mailbox.ts';
import { Participant } from '../participants/Participant.ts';
import type { KeptRemoval } from '../Removals.ts';
import type { KeptCall, KeptParticipant } from './keptCall.ts';
import { LostMedia } from './LostMedia.ts';
import { ResumeTokens } from './ResumeTokens.ts';

/** More than anybody can have been told since the call was written last. */
const sequenceGap = 1_000_000;

/** What a call says of itself to be kept. */
export interface CallDescription {
  readonly id: string;
  readonly applicationId: string;
  readonly kind: CallKind;
  readonly roomId?: string | undefined;
  readonly settings: CallSettings;
  readonly present: readonly Participant[];
  readonly members: KeptMembers;
  readonly removals: readonly KeptRemoval[];
  readonly features: KeptFeatures;
}

/** Writes down what one call is like, again and again. */
export class CallKeeper {
  /** What tells the capabilities of one make of clients from another's: too long to be made each time. */
  readonly #keys = new WeakMap<RtpCapabilities, string>();

  keep({ present, members, removals, ...call }: CallDescription): KeptCall {
    const capabilities = new Map<string, RtpCapabilities>();
    const participants = present.flatMap((participant) => this.#keepParticipant(participant, capabilities));

    return {
      version: 1,
      ...call,
      members: { ...members },
      removals: [...removals],
      participants,
      capabilities: Object.fromEntries(capabilities),
    };
  }

  /** Puts their capabilities among the others', unless the same are there already. */
  #keepParticipant(participant: Participant, capabilities: Map<string, RtpCapabilities>): KeptParticipant[] {
    const { id, identity, role, epoch, isOnHold, handRaisedAtMs, producers, mailbox, offer, token } =
      participant;
    if (offer === undefined || token === undefined) {
      return [];
    }
    const { rtpCapabilities, ...rest } = offer;
    const key = this.#keyOf(rtpCapabilities);
    capabilities.set(key, rtpCapabilities);

    return [
      {
        id,
        identity,
        role,
        epoch,
        isOnHold,
        ...(handRaisedAtMs === undefined ? {} : { handRaisedAtMs }),
        producers: [...producers],
        sequence: mailbox.sequence,
        resumeTokens: participant.resumeTokens.kept,
        token,
        offer: { ...rest, capabilities: key },
      },
    ];
  }

  #keyOf(capabilities: RtpCapabilities): string {
    const key =
      this.#keys.get(capabilities) ??
      createHash('sha256').update(JSON.stringify(capabilities)).digest('base64url');
    this.#keys.set(capabilities, key);

    return key;
  }
}

/** Those who were in the call, each away and without media. */
export function restoreParticipants({ participants, capabilities }: KeptCall): Participant[] {
  return participants.map((kept) => {
    const participant = new Participant(kept.id, kept.role, kept.identity, {
      resumeTokens: new ResumeTokens(kept.resumeTokens),
      mailbox: new Mailbox(kept.sequence + sequenceGap),
    });
    participant.epoch = kept.epoch;
    participant.isOnHold = kept.isOnHold;
    participant.handRaisedAtMs = kept.handRaisedAtMs;
    const { capabilities: key, ...offer } = kept.offer;
    participant.restore({ ...offer, rtpCapabilities: capabilities[key] ?? {} }, new LostMedia(), kept.token);
    kept.producers.forEach((producer) => participant.setProducer(producer));

    return participant;
  });
}
