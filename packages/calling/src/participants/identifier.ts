import type { CommunicationIdentifier, ParticipantIdentity } from './participantTypes.ts';

/** Who somebody is, in the words of the released SDK. */
export function identifierOf({ id, type }: ParticipantIdentity): CommunicationIdentifier {
  return type === 'phoneNumber'
    ? { kind: 'phoneNumber', phoneNumber: id }
    : { kind: 'communicationUser', communicationUserId: id };
}

/** The id or number that somebody is named by; whatever is no identifier is answered as it is. */
export function idOf(who: unknown): unknown {
  const { communicationUserId, phoneNumber } = (who ?? {}) as Record<string, unknown>;

  return communicationUserId ?? phoneNumber ?? who;
}
