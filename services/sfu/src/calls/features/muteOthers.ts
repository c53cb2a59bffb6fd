import { ProtocolError } from '@parley/protocol';
import { mute, type Participation } from '../participants/publish.ts';

/**
 * Mutes the microphones of those who are named, or of everyone else. Rejects with `not_found` when somebody is named
 * who is not in the call, and `invalid_request` for oneself, who is muted by pausing one's own.
 */
export async function muteOthers(
  { call, participant: moderator }: Participation,
  participantIds: readonly string[] | undefined,
): Promise<void> {
  call.roles.require(moderator, 'muteOthers');
  if (participantIds?.includes(moderator.id) === true) {
    throw new ProtocolError('invalid_request', 'One mutes oneself by pausing the microphone.');
  }
  const others = call.present.filter((participant) => participant !== moderator);
  const named = others.filter(({ id }) => participantIds?.includes(id) ?? true);
  if (participantIds !== undefined && named.length < new Set(participantIds).size) {
    throw new ProtocolError('not_found', 'There is no such participant in the call.');
  }
  await Promise.all(named.map((participant) => muteIfPresent({ call, participant })));
}

/** Who leaves while the worker is asked is not heard either. */
async function muteIfPresent({ call, participant }: Participation): Promise<void> {
  try {
    await mute({ call, participant });
  } catch (error) {
    if (call.has(participant)) {
      throw error;
    }
  }
}
