/**
 * The contributing source (RFC 3550, CSRC) that marks a participant's packets in an audio slot, so that a receiver
 * knows of each frame who is heard: FNV-1a of the participant's id, 32 bits.
 */
export function contributingSourceOf(participantId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < participantId.length; index += 1) {
    hash = Math.imul(hash ^ participantId.charCodeAt(index), 0x01000193);
  }

  return hash >>> 0;
}
