import { ProtocolError } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { CallParts } from '../callParts.ts';
import type { RoomDoor } from '../callTypes.ts';
import { Mailbox } from '../participants/Mailbox.ts';
import { Participant } from '../participants/Participant.ts';
import { Waiter } from '../rooms/Waiter.ts';
import type { KeptCall, KeptPlace } from './keptCall.ts';
import { LostMedia } from './LostMedia.ts';
import { ResumeTokens } from './ResumeTokens.ts';

/** More than anybody can have been told since the call was written last. */
const sequenceGap = 1_000_000;

/**
 * Makes the parts of a call what they were in an earlier process: everybody in it, or before its door, is away and
 * waited for, and nobody has media. Who rang then is not rung any more.
 */
export function restoreCall(parts: CallParts, kept: KeptCall, door: RoomDoor | undefined): void {
  const { roster, lobby, members, removals, siblings, features, reconnects, reporter } = parts;
  const participants = restoreParticipants(kept);
  members.restore(kept.members);
  removals.restore(kept.removals);
  for (const participant of participants) {
    roster.add(participant);
    reconnects.expect(participant);
  }
  const waiters = restoreWaiters(kept, door);
  waiters.forEach((waiter) => lobby.restore(waiter));
  siblings.restore([...participants, ...waiters.map(({ participant }) => participant)]);
  features.restore(kept.features);
  reporter.restored(participants, kept.ringing);
}

function restoreParticipants({ participants, capabilities }: KeptCall): Participant[] {
  return participants.map((kept) => {
    const participant = restorePlace(kept);
    participant.isOnHold = kept.isOnHold;
    participant.handRaisedAtMs = kept.handRaisedAtMs;
    participant.restore(offerOf(kept, capabilities), new LostMedia(), {
      identity: kept.identity,
      scopes: kept.scopes,
      token: kept.token,
      ...(kept.guestOf === undefined ? {} : { guestOf: kept.guestOf }),
    });
    kept.producers.forEach((producer) => participant.setProducer(producer));

    return participant;
  });
}

function restoreWaiters(
  { waiting, capabilities, applicationId }: KeptCall,
  door: RoomDoor | undefined,
): Waiter[] {
  return waiting.map((kept) => {
    const entrant = {
      endpoint: goneEndpoint(kept, applicationId),
      offer: offerOf(kept, capabilities),
      role: (endpoint: CallEndpoint) => requireRole(door?.roleOf(endpoint)),
      ...(kept.capacity === undefined ? {} : { capacity: kept.capacity }),
      kickSiblings: kept.kickSiblings,
    };

    return new Waiter(restorePlace(kept), entrant, kept.sinceMs);
  });
}

function restorePlace(kept: KeptPlace): Participant {
  const participant = new Participant(kept.id, kept.role, kept.identity, {
    resumeTokens: new ResumeTokens(kept.resumeTokens),
    mailbox: new Mailbox(kept.sequence + sequenceGap),
  });
  participant.epoch = kept.epoch;
  participant.turn = kept.turn ?? 0;

  return participant;
}

function offerOf({ offer: { capabilities: key, ...offer } }: KeptPlace, all: KeptCall['capabilities']) {
  return { ...offer, rtpCapabilities: all[key] ?? {} };
}

/** The connection that went with the process. */
function goneEndpoint(
  { id, identity, scopes, token, guestOf }: KeptPlace,
  applicationId: string,
): CallEndpoint {
  return {
    id,
    applicationId,
    identity,
    scopes,
    token,
    ...(guestOf === undefined ? {} : { guestOf }),
    hasExpired: false,
    maxCalls: 0,
    isConnected: false,
    notify: () => {},
  };
}

function requireRole<Role>(role: Role | undefined): Role {
  if (role === undefined) {
    throw new ProtocolError('not_on_roster');
  }

  return role;
}
