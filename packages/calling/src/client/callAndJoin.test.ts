import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('call() and join()', () => {
  it('reject wrong arguments with a TypeError', async () => {
    const { client } = await createTestClient();

    for (const ids of [
      [],
      ['with space'],
      Array.from({ length: 51 }, (_, index) => `user-${index}`),
      'bob',
      [1],
    ]) {
      expect(() => client.call(ids as string[])).toThrow(TypeError);
    }
    for (const customData of [{ 'no space': '' }, { topic: 5 }, { topic: 'x'.repeat(1025) }, 'topic', null]) {
      expect(() => client.call(['bob'], { customData: customData as never })).toThrow(TypeError);
    }
    const both = { roomId: 'room-1', callId: 'call-1' };
    for (const place of [
      undefined,
      {},
      { roomId: '' },
      { roomId: 'no/slash' },
      { callId: 'no/slash' },
      both,
    ]) {
      expect(() => client.join(place as { roomId: string })).toThrow(TypeError);
    }
    const wrongOptions = [
      { audioOptions: { muted: 'true' } },
      { kickSiblings: 1 },
      { videoOptions: { expectedVideos: 26 } },
      { videoOptions: { expectedVideos: 1.5 } },
      { videoOptions: { camera: 'front' } },
      { encryption: {} },
    ];
    for (const options of wrongOptions) {
      expect(() => client.call(['bob'], options as never)).toThrow(TypeError);
      expect(() => client.join({ roomId: 'room-1' }, options as never)).toThrow(TypeError);
    }
    expect(client.calls).toEqual([]);
  });

  it('refuse options of another shape, with which a call would begin otherwise than meant', async () => {
    const { client, server } = await createTestClient();
    const place = { roomId: 'room-1' };

    for (const wrong of [
      'muted',
      null,
      { audioOptions: true },
      { videoOptions: true },
      { videoOptions: null },
      { audioOptions: { muted: 'yes' } },
      { videoOptions: { camera: 'front' } },
      { videoOptions: { camera: {} } },
    ]) {
      expect(() => client.join(place, wrong as never)).toThrow(TypeError);
      expect(() => client.call(['bob'], wrong as never)).toThrow(TypeError);
    }
    await nextTurn();

    expect(server.asked('joinRoom')).toEqual([]);
    expect(() => client.join(place, { videoOptions: { camera: 'front' as never } })).toThrow('getCameraList');
  });

  it('tell the kind that the server says where several names are of one person', async () => {
    const { client } = await createTestClient();
    const call = client.call(['bob', '+15551234567']);
    const kinds: string[] = [call.kind];
    call.on('kindChanged', () => kinds.push(call.kind));
    await nextTurn();

    expect(kinds).toEqual(['group', 'direct']);
  });

  it('bring custom data to those who are rung', async () => {
    const { client, server } = await createTestClient();
    const customData = { topic: 'Budget' };

    client.call(['bob'], { customData });
    customData.topic = 'another';
    const { callees, customData: asked } = await server.whenAsked('startCall');

    expect([callees, asked]).toEqual([['bob'], { topic: 'Budget' }]);
  });

  it('go to a group call by its id', async () => {
    const { client, server } = await createTestClient();
    server.on('joinCall', () => joined('group', 'connected'));

    const call = client.join({ callId: 'call-1' });
    expect(call).toMatchObject({ kind: 'group', direction: 'Outgoing' });
    await nextTurn();

    expect(server.asked('joinCall')).toMatchObject([{ callId: 'call-1' }]);
    expect(call).toMatchObject({ id: 'call-1', state: 'Connected' });
  });

  it('have the other devices of the user leave where the option asks for that, and else do not', async () => {
    const { client, server } = await createTestClient();
    server.on('joinCall', () => joined('group', 'connected'));
    client.join({ callId: 'call-1' }, { kickSiblings: true });
    await nextTurn();
    client.join({ roomId: 'room-1' }, { kickSiblings: true });
    await nextTurn();
    client.join({ roomId: 'room-2' });
    await nextTurn();

    expect(server.asked('joinCall')).toMatchObject([{ kickSiblings: true }]);
    expect(server.asked('joinRoom').map(({ kickSiblings }) => kickSiblings)).toEqual([true, undefined]);
  });

  it('end with joined_elsewhere when another device of the user has entered in place of this one', async () => {
    const { client, server } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    server.notify('callEnded', { callId: 'call-1', reason: 'joined_elsewhere' });
    server.on('joinRoom', () => {
      throw new CallError('joined_elsewhere');
    });
    const late = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect([call, late].map(({ callEndReason }) => callEndReason)).toMatchObject([
      { name: 'joined_elsewhere', code: 0, subCode: 5301 },
      { name: 'joined_elsewhere', code: 0, subCode: 5301 },
    ]);
  });

  it.each([
    ['call_not_found', 'not_found'],
    ['invalid_state', 'failed'],
  ] as const)('end when a group call refuses with %s, with %s', async (code, name) => {
    const { client, server } = await createTestClient();
    server.on('joinCall', () => {
      throw new CallError(code);
    });
    const call = client.join({ callId: 'call-9' });
    await nextTurn();

    expect(call).toMatchObject({ state: 'Disconnected', callEndReason: { name } });
  });

  it('to a telephone number that nobody has return at once and end with not_supported', async () => {
    const { client, server } = await createTestClient();
    server.on('startCall', () => {
      throw new CallError('not_supported', 'Nobody has that number.');
    });
    const call = client.call(['+15551234567']);
    expect(call.state).toBe('None');
    await nextTurn();

    expect(server.asked('startCall')).toMatchObject([{ callees: ['+15551234567'] }]);
    expect(call.callEndReason).toMatchObject({ name: 'not_supported', message: 'Nobody has that number.' });
  });

  it('put the call into the collection at once and tell it afterwards', async () => {
    const { client } = await createTestClient();
    const updates: unknown[] = [];
    client.on('callsUpdated', (update) => updates.push(update));

    const call = client.call(['bob', 'carol']);
    expect(client.calls).toEqual([call]);
    expect(call.kind).toBe('group');
    expect(updates).toEqual([]);
    await nextTurn();

    expect(updates).toEqual([{ added: [call], removed: [] }]);
  });

  it('tell nothing of a call that was hung up before it began', async () => {
    const { client } = await createTestClient();
    const updates: unknown[] = [];
    client.on('callsUpdated', (update) => updates.push(update));

    await client.call(['bob']).hangUp();
    await nextTurn();

    expect(updates).toEqual([]);
    expect(client.calls).toEqual([]);
  });

  it('while the connection is lost are carried out when it is back', async () => {
    const { client, server, clock } = await createTestClient();
    server.refusal = new CallError('unavailable');
    server.drop();
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    expect(call.state).toBe('Connecting');

    server.refusal = undefined;
    clock.pass(300);
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(server.asked('joinRoom')).toHaveLength(1);
  });

  it('end with connection_lost, and send nothing, when there is no connection for a while', async () => {
    const { client, server, clock } = await createTestClient();
    server.refusal = new CallError('unavailable');
    server.drop();
    const call = client.call(['bob']);
    await nextTurn();

    clock.pass(10_000);
    await nextTurn();

    expect(call.callEndReason?.name).toBe('connection_lost');
    expect(server.requests).toEqual([]);
  });

  it('fail with invalid_state after dispose()', async () => {
    const { client } = await createTestClient();
    await client.dispose();

    expect(() => client.call(['bob'])).toThrow(expect.objectContaining({ code: 'invalid_state' }));
    for (const place of [{ roomId: 'room-1' }, { callId: 'call-1' }]) {
      expect(() => client.join(place)).toThrow(expect.objectContaining({ code: 'invalid_state' }));
    }
  });
});
