import type { Participation } from './publish.ts';

/**
 * Puts the participant on hold, or takes them off: nothing is forwarded to them or of them meanwhile. Everyone is told,
 * the participant included: another call that they accepted may have done it. To go on is refused as `Beginnings` and
 * `CallRate` do.
 */
export async function setOnHold({ call, participant }: Participation, isOnHold: boolean): Promise<void> {
  if (participant.isOnHold === isOnHold) {
    return;
  }
  // To fall silent is never refused, however much goes on: to go on pays for both.
  if (!isOnHold) {
    call.beginnings.require(participant, 'goOn');
    call.rate.require(participant, 2);
  }
  // The others need not wait for the worker, and media that is made anew is made as it says here.
  participant.isOnHold = isOnHold;
  call.tell({ name: 'holdChanged', data: { callId: call.id, participantId: participant.id, isOnHold } });
  await participant.media.setOnHold(isOnHold);
}
