import { CallError, type CallClient } from '@parley/calling';
import { describe, expect, it, vi } from 'vitest';
import { RestError } from '../session/restApi.ts';
import { SessionKeeper } from '../session/Session.ts';
import { Notices } from '../state/Notices.ts';
import { fakeCall, fakeClient, fakeIncomingCall } from '../testing/fakes.ts';
import { Meeting, type MeetingOptions } from './Meeting.ts';

const choices = { microphone: true, camera: false };
const bob = { kind: 'person', id: 'bob', name: 'Bob' } as const;

function memory() {
  const items = new Map<string, string>();

  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

function open(client: CallClient, options: Partial<MeetingOptions> = {}) {
  const notices = new Notices();
  const sessions = new SessionKeeper(memory());
  const meeting = Meeting.open({
    notices,
    sessions,
    door: { kind: 'signIn' },
    connect: async () => client,
    rest: {
      loadConfig: async () => ({}),
      signIn: async () => ({ kind: 'user', token: 't' }),
      openGuestSession: async (code) => ({ kind: 'guest', token: 't', code, roomId: 'r' }),
    },
    ...options,
  });

  return { meeting, notices, sessions, place: () => meeting.get().place };
}

const signIn = (meeting: Meeting): Promise<void> =>
  meeting.signIn({ clientId: 'pk_1', email: 'a@b.c', password: 'p' });

describe('the way in', () => {
  it('leads home, and again after a reload without asking', async () => {
    const { meeting, sessions, place } = open(fakeClient());
    await signIn(meeting);
    expect(place().at).toBe('home');

    const again = open(fakeClient(), { sessions });
    expect(again.place().at).toBe('returning');
    await expect.poll(() => again.place().at).toBe('home');
  });

  it('stays at the door with the code of a refusal and keeps no session', async () => {
    const { meeting, sessions, place } = open(fakeClient(), {
      connect: async () => {
        throw new CallError('token_revoked');
      },
    });
    await signIn(meeting);
    expect(place()).toMatchObject({ at: 'door', attempt: { is: 'refused', code: 'token_revoked' } });
    expect(sessions.load()).toBeUndefined();
  });

  it('keeps the session of a reload while the server is away', async () => {
    const first = open(fakeClient());
    await signIn(first.meeting);
    const { place } = open(fakeClient(), {
      sessions: first.sessions,
      connect: async () => {
        throw new RestError('unavailable');
      },
    });
    await expect.poll(() => place().at).toBe('door');
    expect(first.sessions.load()).toEqual({ kind: 'user', token: 't' });
  });

  it('takes a guest from their name straight into the room', async () => {
    const call = fakeCall();
    const client = fakeClient({ join: () => call });
    const { meeting, place } = open(client, { door: { kind: 'guest', code: 'abc' } });
    await meeting.enterAsGuest('Carol', choices);
    expect(place()).toMatchObject({ at: 'call', target: { kind: 'room', id: 'r' } });
  });

  it('leads back to the door, with every device off, when the session ends for good', async () => {
    const dispose = vi.fn<() => Promise<void>>(async () => {});
    const client = fakeClient({ dispose });
    const { meeting, sessions, place } = open(client);
    await signIn(meeting);
    Object.assign(client, {
      connectionState: 'Disconnected',
      disconnectReason: new CallError('token_revoked'),
    });
    client.emit('connectionStateChanged');
    expect(place()).toMatchObject({ at: 'door', attempt: { is: 'refused', code: 'token_revoked' } });
    expect(sessions.load()).toBeUndefined();
    expect(client.listenerCount).toBe(0);
    expect(dispose).toHaveBeenCalledOnce();
  });
});

describe('a call', () => {
  it('comes home with its end reason', async () => {
    const call = fakeCall();
    const { meeting, place } = open(fakeClient({ call: () => call }));
    await signIn(meeting);
    meeting.call(bob, choices);
    call.end('busy');
    expect(place()).toMatchObject({ at: 'home', outcome: { reason: 'busy', target: bob } });
  });

  it('to something that can be no id is one to nobody', async () => {
    const client = fakeClient({
      call: () => {
        throw new TypeError('no id');
      },
    });
    const { meeting, place } = open(client);
    await signIn(meeting);
    meeting.call({ kind: 'person', id: '??' }, choices);
    expect(place()).toMatchObject({ at: 'home', outcome: { reason: 'not_found' } });
  });

  it('goes on when it may not be ended for everyone', async () => {
    const call = fakeCall({
      hangUp: async () => {
        throw new CallError('forbidden');
      },
    });
    const { meeting, notices, place } = open(fakeClient({ call: () => call }));
    await signIn(meeting);
    meeting.call(bob, choices);
    await meeting.endForEveryone();
    expect(place()).toMatchObject({ at: 'call', isLeaving: false });
    expect(notices.get()[0]?.title).toContain('presenter');
  });
});

describe('an incoming call', () => {
  it('leaves the present call when it is accepted', async () => {
    const present = fakeCall({ hangUp: async () => present.end('hangup') });
    const accepted = fakeCall();
    const client = fakeClient({ call: () => present });
    const { meeting, place } = open(client);
    await signIn(meeting);
    meeting.call({ kind: 'person', id: 'carol' }, choices);
    const incomingCall = fakeIncomingCall({ accept: async () => accepted });
    client.emit('incomingCall', incomingCall);
    expect(meeting.get().ringing).toEqual([incomingCall]);

    await meeting.accept(incomingCall, choices);
    expect(place()).toMatchObject({ at: 'call', call: accepted, target: bob });
    expect(meeting.get().ringing).toEqual([]);
  });

  it('that stops ringing takes its card away and is told of', async () => {
    const client = fakeClient();
    const { meeting, notices } = open(client);
    await signIn(meeting);
    const incomingCall = fakeIncomingCall();
    client.emit('incomingCall', incomingCall);
    incomingCall.emit('callEnded', { callEndReason: { name: 'canceled' } });
    expect(meeting.get().ringing).toEqual([]);
    expect(notices.get()[0]?.title).toBe('You missed a call from Bob');
  });

  it('that another device answers first is told of once', async () => {
    const client = fakeClient();
    const { meeting, notices } = open(client);
    await signIn(meeting);
    const incomingCall = fakeIncomingCall({
      accept: async () => {
        incomingCall.emit('callEnded', { callEndReason: { name: 'answered_elsewhere' } });
        throw new CallError('answered_elsewhere');
      },
    });
    client.emit('incomingCall', incomingCall);
    await meeting.accept(incomingCall, choices);
    expect(notices.get().map(({ title }) => title)).toEqual([
      'The call from Bob was answered on another device',
    ]);
    expect(meeting.get().ringing).toEqual([]);
  });

  it('that was declined here needs no words', async () => {
    const client = fakeClient();
    const { meeting, notices } = open(client);
    await signIn(meeting);
    const incomingCall = fakeIncomingCall({
      reject: async () => incomingCall.emit('callEnded', { callEndReason: { name: 'declined' } }),
    });
    client.emit('incomingCall', incomingCall);
    await meeting.decline(incomingCall);
    expect(meeting.get().ringing).toEqual([]);
    expect(notices.get()).toEqual([]);
  });
});
