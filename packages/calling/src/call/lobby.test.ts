import type { RequestAnswer } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { FakeServer, joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';

const waiting: RequestAnswer<'joinRoom'> = {
  action: 'lobby',
  participantId: 'alice-1',
  resumeToken: 'resume-token-lobby',
  sequence: 0,
  call: { id: callId, roomId: 'room-1' },
};

async function inLobby() {
  const parts = await createTestClient();
  parts.server.on('joinRoom', () => waiting);
  const call = parts.client.join({ roomId: 'room-1' });
  await nextTurn();

  return { ...parts, call };
}

describe('a call whose lobby one waits in', () => {
  it('is InLobby, without media, until one is let in', async () => {
    const { call, server, media } = await inLobby();
    expect(call).toMatchObject({ state: 'InLobby', id: callId, remoteParticipants: [] });
    expect(media.sessions).toEqual([]);

    server.notify('admitted', { callId, joined: { ...joined('room', 'connected'), sequence: 1 } });
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(call.remoteParticipants).toHaveLength(1);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });
    expect(call.remoteParticipants).toEqual([]);
  });

  it('has told its id when one waits, and does not tell it again when one is let in', async () => {
    const { client, server } = await createTestClient();
    server.on('joinRoom', () => waiting);
    const call = client.join({ roomId: 'room-1' });
    const ids: unknown[] = [];
    call.on('idChanged', () => ids.push(call.id));
    await nextTurn();
    expect(ids).toEqual([callId]);

    server.notify('admitted', { callId, joined: { ...joined('room', 'connected'), sequence: 1 } });
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(ids).toEqual([callId]);
  });

  it('ends when one is sent away', async () => {
    const { call, server, devices } = await inLobby();

    server.notify('callEnded', { callId, reason: 'lobby_denied' });

    expect(call.callEndReason?.name).toBe('lobby_denied');
    expect(devices.liveTracks).toEqual([]);
  });

  it('is waited for on after the connection was lost', async () => {
    const { call, server } = await inLobby();
    server.on('resume', (data) => {
      const { ice: _, ...rest } = server.resumed(data);

      return { ...rest, action: 'lobby' };
    });

    server.drop();
    expect(call.state).toBe('Reconnecting');
    await nextTurn();

    expect(call.state).toBe('InLobby');
  });

  it('is entered on coming back when one was let in meanwhile', async () => {
    const { call, server, media } = await inLobby();
    server.on('resume', (data) => {
      const { ice: _, ...rest } = server.resumed(data);
      const { call: snapshot, media: parameters } = joined('room', 'connected');

      return {
        ...rest,
        action: 'rejoin',
        media: parameters,
        missed: [],
        sequence: 4,
        snapshot: { sequence: 4, call: snapshot },
      };
    });

    server.drop();
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(call.remoteParticipants).toHaveLength(1);
    expect(media.sessions).toHaveLength(1);
    server.notifyRaw({
      name: 'participantLeft',
      data: { callId, participantId: 'bob-1', reason: 'hangup' },
      sequence: 5,
    });
    expect(call.remoteParticipants).toEqual([]);
  });

  it('is left like any other', async () => {
    const { call, server, clock } = await inLobby();

    await call.hangUp();

    expect(server.asked('leaveCall')).toEqual([{ callId }]);
    expect(clock.pending).toBe(0);
  });
});

describe('a call on another server', () => {
  async function twoServers(url = 'https://other.example/sfu') {
    const [home, other] = [new FakeServer(), new FakeServer()];
    home.on('joinRoom', () => ({ action: 'redirect', url }));
    const parts = await createTestClient({
      server: home,
      openSocket: (options, handlers) =>
        (options.endpoint === 'http://localhost' ? home : other).openSocket(options, handlers),
    });

    return { ...parts, home, other };
  }

  it('is entered there, while the user goes on being rung here', async () => {
    const { client, home, other } = await twoServers();
    const call = client.join({ roomId: 'room-1' });
    const rung: unknown[] = [];
    client.on('incomingCall', (incoming) => rung.push(incoming));
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(other.connections[0]?.endpoint).toBe('https://other.example/sfu');
    other.notify('participantJoined', { callId, participant: participant('carol') });
    expect(call.remoteParticipants).toHaveLength(2);
    const caller = { userId: 'dave', displayName: 'Dave', kind: 'user' as const };
    home.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller, customData: {} });
    expect(rung).toHaveLength(1);
  });

  it('puts those that are here on hold when it is accepted', async () => {
    const { client, home, other } = await twoServers();
    const answer = joined('room', 'connected');
    home.on('joinRoom', () => answer);
    home.on('acceptCall', () => ({ action: 'redirect', url: 'https://other.example/sfu' }));
    other.on('acceptCall', () => ({ ...answer, call: { ...answer.call, id: 'call-2' } }));
    client.join({ roomId: 'room-1' });
    await nextTurn();
    client.on('incomingCall', (incoming) => void incoming.accept());
    const caller = { userId: 'dave', displayName: 'Dave', kind: 'user' as const };
    home.notify('incomingCall', { callId: 'call-2', kind: 'direct', caller, customData: {} });
    await nextTurn();

    expect(home.asked('holdCall')).toEqual([{ callId }]);
    expect(client.calls.map(({ id, state }) => [id, state])).toEqual([
      [callId, 'LocalHold'],
      ['call-2', 'Connected'],
    ]);
    expect(other.asked('holdCall')).toEqual([]);
  });

  it('goes on when the connection here is lost, and its own connection ends with it', async () => {
    const { client, home, other, clock } = await twoServers();
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    home.refusal = new CallError('unavailable');
    home.drop();
    await nextTurn();
    expect(call.state).toBe('Connected');

    await call.hangUp();

    expect(other.asked('leaveCall')).toEqual([{ callId }]);
    expect(other.isConnected).toBe(false);
    home.refusal = undefined;
    clock.pass(300);
    await nextTurn();
    expect(clock.pending).toBe(0);
  });

  it('is resumed where it has moved to', async () => {
    const { client, home, other } = await twoServers();
    home.on('joinRoom', () => joined('room', 'connected'));
    home.on('resume', () => ({ action: 'redirect', url: 'wss://other.example/' }));
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    home.drop();
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(other.connections).toMatchObject([
      { endpoint: 'https://other.example', auth: { resumeTokens: ['resume-token-0001'] } },
    ]);
    expect(other.asked('resume')).toHaveLength(1);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'no url'])('is not followed to %s', async (url) => {
    const { client, other } = await twoServers(url);

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason?.name).toBe('failed');
    expect(other.connections).toEqual([]);
  });

  it('is given up when the servers send it around in circles', async () => {
    const { client, other, clock } = await twoServers();
    other.on('joinRoom', () => ({ action: 'redirect', url: 'https://third.example' }));

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(call.callEndReason?.name).toBe('failed');
    expect(other.isConnected).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
