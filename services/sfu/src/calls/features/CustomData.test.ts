import { maxCustomItems } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/support/callWorld.ts';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

const change = (items: Record<string, string | null>) =>
  codeOf(room.ask(room.chair, 'setCustomData', { items }));

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'x']));

describe('custom data', () => {
  it('is changed item by item, and told as a whole', async () => {
    await change({ topic: 'Budget', stage: '1' });
    await change({ topic: null, agenda: 'A' });
    const customData = { stage: '1', agenda: 'A' };

    expect(room.bob.heard('customDataChanged').at(-1)).toEqual({ callId: room.callId, customData });
    expect(room.snapshot().customData).toEqual(customData);
  });

  it(`has at most ${maxCustomItems} items, and stays as it is rather than to have more`, async () => {
    await change(many(maxCustomItems));

    expect(await change({ key0: 'y', more: 'x' })).toBe('invalid_state');
    expect(room.snapshot().customData).toEqual(many(maxCustomItems));
    expect(await change({ key0: null, more: 'x' })).toBeUndefined();
  });

  it('takes a name that every object has for an item like any other', async () => {
    await change({ constructor: 'x', toString: 'y' });

    expect(room.snapshot().customData).toEqual({ constructor: 'x', toString: 'y' });
  });
});
