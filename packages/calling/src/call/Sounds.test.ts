import type { AudioSlot } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { consumerOf } from '../testing/FakeServer.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn } from '../testing/testClient.ts';

const carrying = (slotId: string, name?: string): AudioSlot =>
  name === undefined ? { slotId } : { slotId, participantId: `${name}-1`, producerId: `mic-${name}` };

/** A large call with two slots, and Bob and Carol who are listened to. */
async function largeCall(slots: AudioSlot[]) {
  const consumers = slots.map(({ slotId }) => ({ ...consumerOf(slotId), kind: 'audio' as const }));
  const parts = createTestCallMedia({ audioSlots: slots, parameters: { consumers } });
  const changes: string[] = [];
  const listenTo = (name: string) => parts.media.hear(`mic-${name}`, name, () => changes.push(name));
  const voices = { bob: listenTo('bob'), carol: listenTo('carol') };
  await nextTurn();
  changes.length = 0;

  return { ...parts, voices, changes };
}

describe('the slots of a large call', () => {
  it('are played for the whole call, whoever they carry', async () => {
    const { media, page, server, fakeMedia } = await largeCall([carrying('slot-1'), carrying('slot-2')]);
    expect(page.body.children.size).toBe(2);
    const streams = [...page.body.children].map(({ srcObject }) => srcObject);

    for (const name of ['bob', 'carol', 'bob']) {
      media.apply({
        name: 'audioSlotsChanged',
        data: { callId: 'call-1', audioSlots: [carrying('slot-1', name), carrying('slot-2')] },
      });
    }
    await nextTurn();

    expect([...page.body.children].map(({ srcObject }) => srcObject)).toEqual(streams);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    expect(fakeMedia.session.received.size).toBe(2);
  });

  it('are the streams of those whom they carry, who are told', async () => {
    const { media, voices, changes } = await largeCall([carrying('slot-1', 'bob'), carrying('slot-2')]);
    const first = voices.bob.stream;
    expect(first).toBeDefined();
    expect(voices.carol.stream).toBeUndefined();

    media.apply({
      name: 'audioSlotsChanged',
      data: { callId: 'call-1', audioSlots: [carrying('slot-1', 'carol'), carrying('slot-2', 'bob')] },
    });

    expect(voices.carol.stream).toBe(first);
    expect(voices.bob.stream).not.toBe(first);
    expect(voices.bob.stream).toBeDefined();
    expect(changes.toSorted()).toEqual(['bob', 'carol']);
  });

  it('give way to the sound of everyone in a call that has become small', async () => {
    const { media, voices, page } = await largeCall([carrying('slot-1', 'bob')]);

    media.apply({
      name: 'consumersAdded',
      data: { callId: 'call-1', consumers: [consumerOf('mic-bob'), consumerOf('mic-carol')] },
    });
    media.apply({ name: 'audioSlotsChanged', data: { callId: 'call-1', audioSlots: [] } });
    media.apply({ name: 'consumersClosed', data: { callId: 'call-1', consumerIds: ['consumer-of-slot-1'] } });
    await nextTurn();

    expect(page.body.children.size).toBe(2);
    expect(voices.bob.stream).not.toBe(voices.carol.stream);
    expect(voices.carol.stream).toBeDefined();
  });

  it('take the place of the sound of everyone in a call that has become large', async () => {
    const { media, page, voices } = await largeCall([]);
    media.apply({
      name: 'consumersAdded',
      data: { callId: 'call-1', consumers: [consumerOf('mic-bob'), consumerOf('mic-carol')] },
    });
    await nextTurn();
    const direct = voices.bob.stream;

    media.apply({
      name: 'consumersAdded',
      data: { callId: 'call-1', consumers: [{ ...consumerOf('slot-1'), kind: 'audio' }] },
    });
    media.apply({
      name: 'audioSlotsChanged',
      data: { callId: 'call-1', audioSlots: [carrying('slot-1', 'bob')] },
    });
    media.apply({
      name: 'consumersClosed',
      data: { callId: 'call-1', consumerIds: ['consumer-of-mic-bob', 'consumer-of-mic-carol'] },
    });
    await nextTurn();

    expect(page.body.children.size).toBe(1);
    expect(voices.bob.stream).toBeDefined();
    expect(voices.bob.stream).not.toBe(direct);
    expect(voices.carol.stream).toBeUndefined();
  });

  it('are heard again after the transports were lost, and end with the call', async () => {
    const slots = [carrying('slot-1', 'bob')];
    const { media, page, voices, parametersAfterLoss, fakeMedia } = await largeCall(slots);
    const elements = [...page.body.children];

    media.reset(
      parametersAfterLoss({ consumers: [{ ...consumerOf('slot-1'), id: 'consumer-2', kind: 'audio' }] }),
    );
    await nextTurn();
    // Through the same element, at the speaker that was chosen for it.
    expect([...page.body.children]).toEqual(elements);
    expect(elements[0]?.srcObject).toBe(voices.bob.stream);
    expect(fakeMedia.session.received).toEqual(new Set(['consumer-2']));
    media.close();

    expect(page.body.children.size).toBe(0);
  });
});
