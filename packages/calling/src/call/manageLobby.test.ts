import type { LobbyEntry } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { FakeServer, joined } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { LobbyParticipant } from './lobbyTypes.ts';

const callId = 'call-1';

const entry = (name: string): LobbyEntry => ({
  participantId: `${name}-1`,
  identity: { userId: name, displayName: `${name} waits`, kind: 'guest' },
  sinceMs: 1_790_000_000_000,
});
const lobbyOf = (...names: string[]) => ({ callId, lobby: names.map((name) => entry(name)) });

/** In a room as its presenter, where Carol and Dave wait. */
async function roomWithLobby() {
  const parts = await connectedCall();
  const { call, server } = parts;
  const updates: string[] = [];
  call.lobby.on('participantsUpdated', ({ added, removed }) => {
    updates.push(...added.map(({ id }) => `+${id}`), ...removed.map(({ id }) => `-${id}`));
  });
  server.notify('lobbyChanged', lobbyOf('carol', 'dave'));
  const [carol, dave] = call.lobby.participants as [LobbyParticipant, LobbyParticipant];

  return { ...parts, updates, carol, dave };
}

const idsOf = (participants: readonly LobbyParticipant[]): string[] => participants.map(({ id }) => id);

describe('the lobby of a call', () => {
  it('holds who waits, each the same object for as long as they do', async () => {
    const { call, server, updates, carol, dave } = await roomWithLobby();
    expect(carol).toEqual({
      id: 'carol-1',
      identity: { id: 'carol', type: 'guest' },
      displayName: 'carol waits',
      since: new Date(1_790_000_000_000),
    });

    server.notify('lobbyChanged', lobbyOf('dave', 'erin'));
    server.notify('lobbyChanged', lobbyOf('dave', 'erin'));

    expect(call.lobby.participants[0]).toBe(dave);
    expect(updates).toEqual(['+carol-1', '+dave-1', '+erin-1', '-carol-1']);
  });

  it('is there with the call, and as it is told anew', async () => {
    const server = new FakeServer();
    const room = (...names: string[]) => {
      const answer = joined('room', 'connected');

      return { ...answer, call: { ...answer.call, ...lobbyOf(...names) } };
    };
    server.on('joinRoom', () => room('carol'));
    const { call } = await connectedCall(server);
    expect(idsOf(call.lobby.participants)).toEqual(['carol-1']);
    server.on('resume', (data) => ({
      ...server.resumed(data),
      snapshot: { sequence: 0, call: room('dave').call },
    }));

    server.drop();
    await nextTurn();

    expect(idsOf(call.lobby.participants)).toEqual(['dave-1']);
  });

  it('is emptied for who may not manage it any more, and at the end of the call', async () => {
    const { call, server, updates } = await roomWithLobby();

    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'attendee' });
    expect(call.lobby.participants).toEqual([]);
    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'presenter' });
    server.notify('lobbyChanged', lobbyOf('erin'));
    await call.hangUp();

    expect(call.lobby.participants).toEqual([]);
    expect(updates).toEqual(['+carol-1', '+dave-1', '-carol-1', '-dave-1', '+erin-1', '-erin-1']);
  });

  it('lets in, and sends away, one or several', async () => {
    const { call, server, carol, dave } = await roomWithLobby();

    await call.lobby.admit(carol);
    await call.lobby.admit([carol, dave]);
    await call.lobby.reject(dave);
    await call.lobby.reject([dave, carol]);

    const named = (...participantIds: string[]) => ({ callId, participantIds });
    expect(server.asked('admitParticipants')).toEqual([named('carol-1'), named('carol-1', 'dave-1')]);
    expect(server.asked('denyParticipants')).toEqual([named('dave-1'), named('dave-1', 'carol-1')]);
  });

  it('lets in all who wait, as many at a time as the protocol allows', async () => {
    const { call, server } = await roomWithLobby();
    const names = Array.from({ length: 101 }, (_, index) => `user${index}`);
    server.notify('lobbyChanged', lobbyOf(...names));

    await call.lobby.admitAll();

    const asked = server.asked('admitParticipants').map(({ participantIds }) => participantIds);
    expect(asked.map(({ length }) => length)).toEqual([100, 1]);
    expect(asked.flat()).toEqual(names.map((name) => `${name}-1`));
  });

  it('asks for nobody who does not wait any more', async () => {
    const { call, server, carol, dave } = await roomWithLobby();
    server.notify('lobbyChanged', lobbyOf('dave'));
    await call.lobby.admit([carol, dave]);
    server.notify('lobbyChanged', lobbyOf());
    await call.lobby.reject(dave);
    await call.lobby.admitAll();

    expect(server.asked('admitParticipants')).toEqual([{ callId, participantIds: ['dave-1'] }]);
    expect(server.asked('denyParticipants')).toEqual([]);
  });

  it('refuses who is not of it with a TypeError', async () => {
    const { call } = await roomWithLobby();
    const { carol: ofAnother } = await roomWithLobby();

    for (const wrong of [undefined, 'carol-1', ofAnother, [ofAnother]] as LobbyParticipant[]) {
      await expect(call.lobby.admit(wrong)).rejects.toThrow(TypeError);
      await expect(call.lobby.reject(wrong)).rejects.toThrow(TypeError);
    }
  });

  it('rejects with what the server says', async () => {
    const { call, server, carol } = await roomWithLobby();
    server.on('admitParticipants', () => {
      throw new CallError('not_found');
    });

    await expect(call.lobby.admit(carol)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('rejects with forbidden for who may not manage it', async () => {
    const { call, server, carol } = await roomWithLobby();
    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'collaborator' });

    for (const attempt of [call.lobby.admit(carol), call.lobby.reject(carol), call.lobby.admitAll()]) {
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('rejects with invalid_state before the call is entered and after its end', async () => {
    const { client } = await createTestClient();
    const early = client.join({ roomId: 'room-1' });
    expect(early.lobby.participants).toEqual([]);
    await expect(early.lobby.admitAll()).rejects.toMatchObject({ code: 'invalid_state' });
    const { call, carol } = await roomWithLobby();

    await call.hangUp();

    for (const attempt of [call.lobby.admit(carol), call.lobby.reject(carol), call.lobby.admitAll()]) {
      await expect(attempt).rejects.toMatchObject({ code: 'invalid_state' });
    }
  });
});
