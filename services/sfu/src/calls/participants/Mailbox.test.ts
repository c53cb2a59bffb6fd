import type { CallNotification, MediaOffer } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { ParticipantMedia } from '../../media/mediaTypes.ts';
import type { CallEndpoint } from '../CallEndpoint.ts';
import { Mailbox } from './Mailbox.ts';
import { Participant } from './Participant.ts';
import { Roster } from './Roster.ts';

/** About so many characters. */
function ofSize(size: number): CallNotification {
  return { name: 'customDataChanged', data: { callId: 'call', customData: { note: 'x'.repeat(size) } } };
}

describe('a mailbox', () => {
  it('keeps the latest 256 notifications', () => {
    const mailbox = new Mailbox();
    for (let count = 0; count < 300; count += 1) {
      mailbox.post(ofSize(1));
    }

    expect(mailbox.since(44)).toHaveLength(256);
    expect(mailbox.since(43)).toBeUndefined();
  });

  it('keeps 256 KB of them, though those that are written could be 50 KB each', () => {
    const mailbox = new Mailbox();
    for (let count = 0; count < 256; count += 1) {
      mailbox.post(ofSize(50_000));
    }

    expect(JSON.stringify(mailbox.since(251)).length).toBeLessThan(256 * 1024);
    expect(mailbox.since(250)).toBeUndefined();
    expect(mailbox.sequence).toBe(256);
  });

  it('keeps nothing of what is larger by itself, and goes on with what comes after', () => {
    const mailbox = new Mailbox();
    mailbox.post(ofSize(1));
    mailbox.post(ofSize(300_000));
    expect(mailbox.since(1)).toBeUndefined();

    mailbox.post(ofSize(1));
    expect(mailbox.since(2)).toHaveLength(1);
  });
});

it('what everybody is told is measured once', () => {
  let measured = 0;
  const roster = new Roster();
  for (const id of ['alice', 'bob', 'carol']) {
    const identity = { userId: id, displayName: id, kind: 'user' } as const;
    const endpoint = { identity, notify: () => {} } as unknown as CallEndpoint;
    const participant = new Participant(id, 'collaborator', identity);
    roster.connect(participant, endpoint, {} as MediaOffer, {} as ParticipantMedia);
  }
  const data = {
    callId: 'call',
    customData: {},
    toJSON: () => {
      measured += 1;

      return {};
    },
  };
  roster.tell({ name: 'customDataChanged', data });

  expect(roster.all.map(({ mailbox }) => mailbox.sequence)).toEqual([1, 1, 1]);
  expect(measured).toBe(1);
});
