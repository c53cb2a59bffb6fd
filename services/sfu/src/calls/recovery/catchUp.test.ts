import type { CallSnapshot } from '@parley/protocol';
import { expect, it } from 'vitest';
import { Mailbox } from '../participants/Mailbox.ts';
import type { Participant } from '../participants/Participant.ts';
import { catchUp } from './catchUp.ts';

const callId = 'call';
const state = { consumers: [], dataConsumers: [] };

/** Somebody who was told of what concerns their media, and then of a reaction. */
function participantWithMedia(): Participant {
  const mailbox = new Mailbox();
  mailbox.post({ name: 'consumersAdded', data: { callId, consumers: [] } });
  mailbox.post({ name: 'consumersClosed', data: { callId, consumerIds: [] } });
  mailbox.post({ name: 'encodingsWanted', data: { callId, producerId: 'camera', wanted: [true] } });
  mailbox.post({ name: 'reactionSent', data: { callId, participantId: 'bob', reaction: 'wave' } });

  return { mailbox, media: { state } } as unknown as Participant;
}

const snapshotFor = () => ({ id: callId }) as CallSnapshot;

it('whoever builds their media anew is told again of nothing that concerned the media they had', () => {
  const { missed } = catchUp(participantWithMedia(), { sequence: 0, isRejoining: true, snapshotFor });

  expect(missed.map(({ name }) => name)).toEqual(['reactionSent']);
});

it('whoever goes on with their media is told of all that they have missed of it', () => {
  const { missed } = catchUp(participantWithMedia(), { sequence: 1, isRejoining: false, snapshotFor });

  expect(missed.map(({ name }) => name)).toEqual(['consumersClosed', 'encodingsWanted', 'reactionSent']);
});

it('a snapshot has the media of those who go on with them, and none for those who build theirs anew', () => {
  const snapshotOf = (isRejoining: boolean) =>
    catchUp(participantWithMedia(), { sequence: 99, isRejoining, snapshotFor }).snapshot;

  expect(snapshotOf(false)).toEqual({ sequence: 4, call: { id: callId }, media: state });
  expect(snapshotOf(true)).toEqual({ sequence: 4, call: { id: callId } });
});
