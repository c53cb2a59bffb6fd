import { keptChatMessages, maxChatTextLength, type ChatMessage } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { codesOutsideCall } from '../testing/codesOutsideCall.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined } from '../testing/FakeServer.ts';
import { repairGap } from '../testing/repairGap.ts';

const callId = 'call-1';

function message(id: string): ChatMessage {
  return {
    id,
    participantId: 'bob-1',
    userId: 'bob',
    displayName: 'Bob',
    text: `text of ${id}`,
    sentAtMs: 1_790_000_000_000,
  };
}

/** A room in whose call these messages were written already. */
async function chattyCall(...ids: string[]) {
  const server = new FakeServer();
  const { call: told, ...answer } = joined('room', 'connected');
  server.on('joinRoom', () => ({ ...answer, call: { ...told, chat: ids.map(message) } }));
  const parts = await connectedCall(server);
  const { chat } = parts.call;
  const updates: string[] = [];
  chat.on('messagesUpdated', ({ added, removed }) =>
    updates.push(
      `+${added.map(({ id }) => id).join()} -${removed.map(({ id }) => id).join()} of ${chat.messages.length}`,
    ),
  );

  return { ...parts, chat, updates };
}

describe('the chat of a call', () => {
  it('has what was written before one entered, and then what everybody writes', async () => {
    const { chat, server, updates } = await chattyCall('m1');
    const own = { ...message('m3'), participantId: 'alice-1', userId: 'alice', displayName: 'Alice' };
    server.on('sendChat', ({ text }) => ({ message: { ...own, text } }));

    server.notify('chatSent', { callId, message: message('m2') });
    const sent = await chat.send('Hello 👋');
    const afterAnswer = [...chat.messages];
    // The server notifies what a request causes after its answer.
    server.notify('chatSent', { callId, message: { ...own, text: 'Hello 👋' } });

    expect(afterAnswer).toContain(sent);
    expect(updates).toEqual(['+m2 - of 2', '+m3 - of 3']);
    expect(chat.messages.map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
    expect(chat.messages[2]).toBe(sent);
    expect(sent).toEqual({
      id: 'm3',
      sender: { identity: { id: 'alice' }, displayName: 'Alice', endpointId: 'alice-1' },
      text: 'Hello 👋',
      sentAt: new Date(1_790_000_000_000),
    });
  });

  it('tells whoever subscribed before the call was entered what is there already', async () => {
    const server = new FakeServer();
    const { call: told, ...answer } = joined('room', 'connected');
    server.on('joinRoom', () => ({ ...answer, call: { ...told, chat: [message('m1')] } }));
    const { client } = await connectedCall(server);
    const call = client.join({ roomId: 'room-1' });
    const added = await new Promise<readonly { id: string }[]>((resolve) => {
      call.chat.on('messagesUpdated', (update) => resolve(update.added));
    });

    expect(added).toEqual(call.chat.messages);
    expect(added.map(({ id }) => id)).toEqual(['m1']);
  });

  it(`keeps the latest ${keptChatMessages}, and says which have gone`, async () => {
    const ids = Array.from({ length: keptChatMessages }, (_, place) => `m${place}`);
    const { chat, server, updates } = await chattyCall(...ids);

    server.notify('chatSent', { callId, message: message('latest') });

    expect(updates).toEqual([`+latest -m0 of ${keptChatMessages}`]);
    expect(chat.messages.at(-1)?.id).toBe('latest');
  });

  it('is followed over a gap: what was there stays the same, and what was missed is told once', async () => {
    const { chat, server, updates } = await chattyCall('m1', 'm2');
    const [, kept] = chat.messages;

    await repairGap(server, { chat: [message('m2'), message('m3')] });
    await repairGap(server, { chat: [message('m2'), message('m3')] });

    expect(updates).toEqual(['+m3 -m1 of 2']);
    expect(chat.messages[0]).toBe(kept);
  });

  it('can still be read when the call has ended', async () => {
    const { call, chat, updates } = await chattyCall('m1');
    await call.hangUp();

    expect(chat.messages.map(({ id }) => id)).toEqual(['m1']);
    expect(updates).toEqual([]);
  });
});

describe('chat.send()', () => {
  it('takes text of some length and nothing else', async () => {
    const { chat, server } = await chattyCall();
    server.on('sendChat', () => ({ message: message('m1') }));

    for (const wrong of ['', 'x'.repeat(maxChatTextLength + 1), '\ud83d', 7, undefined]) {
      await expect(chat.send(wrong as never)).rejects.toThrow(TypeError);
    }
    await expect(chat.send('')).rejects.toThrow(`chat.send() takes a text of 1 to ${maxChatTextLength}`);
    expect(server.asked('sendChat')).toEqual([]);
    await chat.send('x'.repeat(maxChatTextLength));
    expect(server.asked('sendChat')).toHaveLength(1);
  });

  it('rejects before the call is entered and after its end', async () => {
    expect(await codesOutsideCall((call) => call.chat.send('Hello'))).toEqual([
      'invalid_state',
      'invalid_state',
    ]);
  });
});
