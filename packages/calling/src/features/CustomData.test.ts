import { describe, expect, it } from 'vitest';
import { codesOutsideCall } from '../testing/codesOutsideCall.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined } from '../testing/FakeServer.ts';
import { repairGap } from '../testing/repairGap.ts';

const callId = 'call-1';

/** A call with these items from the start, and what they are after each change that is told. */
async function watchedCall(customData: Record<string, string>) {
  const server = new FakeServer();
  const { call: told, ...answer } = joined('room', 'connected');
  server.on('joinRoom', () => ({ ...answer, call: { ...told, customData } }));
  const parts = await connectedCall(server);
  const changes: unknown[] = [];
  parts.call.on('customDataChanged', () => changes.push(parts.call.customData));

  return { ...parts, changes };
}

describe('the custom data of a call', () => {
  it('are those of the moment of entering, and then what anybody makes of them', async () => {
    const { call, server, changes } = await watchedCall({ topic: 'Budget' });
    expect(call.customData).toEqual({ topic: 'Budget' });

    server.notify('customDataChanged', { callId, customData: { topic: 'Budget', page: '3' } });
    server.notify('customDataChanged', { callId, customData: { page: '3', topic: 'Budget' } });
    server.notify('customDataChanged', { callId, customData: { page: '4', topic: 'Budget' } });
    server.notify('customDataChanged', { callId, customData: { vote: '4', topic: 'Budget' } });
    server.notify('customDataChanged', { callId, customData: {} });

    expect(changes).toEqual([
      { topic: 'Budget', page: '3' },
      { topic: 'Budget', page: '4' },
      { topic: 'Budget', vote: '4' },
      {},
    ]);
  });

  it('are followed over a gap, and nothing is told where they stayed the same', async () => {
    const { server, changes } = await watchedCall({ topic: 'Budget' });

    await repairGap(server, { customData: { topic: 'Budget' } });
    expect(changes).toEqual([]);
    await repairGap(server, { customData: { topic: 'Lunch' } });

    expect(changes).toEqual([{ topic: 'Lunch' }]);
  });

  it('stay as they were when the call has ended', async () => {
    const { call, changes } = await watchedCall({ topic: 'Budget' });
    await call.hangUp();

    expect([call.customData, changes]).toEqual([{ topic: 'Budget' }, []]);
  });
});

describe('setCustomData()', () => {
  it('asks for strings by name, and for null to remove one', async () => {
    const { call, server } = await watchedCall({});
    const items = { 'agenda.item': '3', vote: null };
    await call.setCustomData(items);

    expect(server.asked('setCustomData')).toEqual([{ callId, items }]);
  });

  it('takes nothing else', async () => {
    const { call, server } = await watchedCall({});
    const tooMany = Object.fromEntries(Array.from({ length: 51 }, (_, place) => [`k${place}`, 'x']));

    for (const wrong of [{ 'a b': 'x' }, { a: 7 }, { a: 'x'.repeat(1_025) }, tooMany, 'a', undefined]) {
      await expect(call.setCustomData(wrong as never)).rejects.toThrow(TypeError);
    }
    expect(server.asked('setCustomData')).toEqual([]);
  });

  it('is refused a role that may not do it', async () => {
    const { call, server } = await watchedCall({});
    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'attendee' });

    await expect(call.setCustomData({ a: 'b' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('rejects before the call is entered and after its end', async () => {
    expect(await codesOutsideCall((call) => call.setCustomData({ a: 'b' }))).toEqual([
      'invalid_state',
      'invalid_state',
    ]);
  });
});
