import type { CallParts } from '../callParts.ts';
import { Mailbox } from '../participants/Mailbox.ts';
import { Participant } from '../participants/Participant.ts';
import type { KeptCall } from './keptCall.ts';
import { LostMedia } from './LostMedia.ts';
import { ResumeTokens } from './ResumeTokens.ts';

/** More than anybody can have been told since the call was written last. */
const sequenceGap = 1_000_000;

/**
 * Makes the parts of a call what they were in an earlier process: everybody in it is away and without media, and waited
 * for. Who rang then is not rung any more.
 */
export function restoreCall(parts: CallParts, kept: KeptCall): void {
  const { roster, members, removals, features, reconnects, reporter } = parts;
  const participants = restoreParticipants(kept);
  members.restore(kept.members);
  removals.restore(kept.removals);
  for (const participant of participants) {
    roster.add(participant);
    reconnects.expect(participant);
  }
  features.restore(kept.features);
  reporter.restored(participants, kept.ringing);
}

function restoreParticipants({ participants, capabilities }: KeptCall): Participant[] {
  return participants.map((kept) => {
    const participant = new Participant(kept.id, kept.role, kept.identity, {
      resumeTokens: new ResumeTokens(kept.resumeTokens),
      mailbox: new Mailbox(kept.sequence + sequenceGap),
    });
    participant.epoch = kept.epoch;
    participant.isOnHold = kept.isOnHold;
    participant.handRaisedAtMs = kept.handRaisedAtMs;
    const { capabilities: key, ...offer } = kept.offer;
    participant.restore({ ...offer, rtpCapabilities: capabilities[key] ?? {} }, new LostMedia(), {
      identity: kept.identity,
      scopes: kept.scopes,
      token: kept.token,
      ...(kept.guestOf === undefined ? {} : { guestOf: kept.guestOf }),
    });
    kept.producers.forEach((producer) => participant.setProducer(producer));

    return participant;
  });
}
