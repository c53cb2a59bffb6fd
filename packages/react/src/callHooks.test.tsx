// @vitest-environment happy-dom
import { StrictMode } from 'react';
import { describe, expect, it } from 'vitest';
import { callId, fakeCall, participant } from '../test/support/fakeCall.ts';
import { listenersOf } from '../test/support/listenersOf.ts';
import { act, renderHook, settle } from '../test/support/page.tsx';
import { useCall } from './useCall.ts';
import { useChat } from './useChat.ts';
import { useCustomData } from './useCustomData.ts';
import { useDominantSpeakers } from './useDominantSpeakers.ts';
import { useEvent } from './useEvent.ts';
import { useIsSpeaking } from './useIsSpeaking.ts';
import { useLobby } from './useLobby.ts';
import { useLocalVideoStreams } from './useLocalVideoStreams.ts';
import { useParticipant } from './useParticipant.ts';
import { useParticipants } from './useParticipants.ts';
import { useRaisedHands } from './useRaisedHands.ts';
import { useScreenSharingStreams } from './useScreenSharingStreams.ts';
import { useSpotlight } from './useSpotlight.ts';
import { useStream } from './useStream.ts';
import { useVideoStreams } from './useVideoStreams.ts';

type Parts = Awaited<ReturnType<typeof fakeCall>>;

interface Row {
  readonly hook: string;
  /** What it is given. */
  readonly of: (parts: Parts) => object;
  /** What it listens to, where that is something else. */
  readonly listensTo?: (parts: Parts) => object;
  /** What is compared of the value. */
  readonly use: (given: never) => unknown;
  readonly before: unknown;
  /** What changes it. */
  readonly change: (parts: Parts) => unknown;
  readonly after: unknown;
}

const bobs = { callId, participantId: 'bob-1' };
const lengthOf = ({ length }: readonly unknown[]): number => length;
const kindsOf = (members: readonly unknown[]): string[] =>
  members.map((member) => (member === 'own' ? 'own' : 'other'));
const message = {
  id: 'm-1',
  participantId: 'bob-1',
  userId: 'bob',
  displayName: 'Bob',
  text: 'Hello',
  sentAtMs: 0,
};

const dave = { participantId: 'dave-1', identity: participant('dave').identity, sinceMs: 0 };

const rows: readonly Row[] = [
  {
    hook: 'useCall',
    of: ({ call }) => call,
    use: (call) => useCall(call as Parts['call']).isMuted,
    before: false,
    change: ({ call }) => call.mute(),
    after: true,
  },
  {
    hook: 'useCall, of the end',
    of: ({ call }) => call,
    use: (call) => [useCall(call as Parts['call']).state, useCall(call).callEndReason?.name],
    before: ['Connected', undefined],
    change: ({ server }) => server.notify('callEnded', { callId, reason: 'removed' }),
    after: ['Disconnected', 'removed'],
  },
  {
    hook: 'useIsSpeaking, of the call',
    of: ({ call }) => call,
    use: (call: Parts['call']) => useIsSpeaking(call),
    before: false,
    change: ({ server }) => server.notify('speakersChanged', { callId, participantIds: ['alice-1'] }),
    after: true,
  },
  {
    hook: 'useIsSpeaking, of a participant',
    of: ({ bob }) => bob,
    use: (bob: Parts['bob']) => useIsSpeaking(bob),
    before: false,
    change: ({ server }) => server.notify('speakersChanged', { callId, participantIds: ['bob-1'] }),
    after: true,
  },
  {
    hook: 'useParticipants',
    of: ({ call }) => call,
    use: (call: Parts['call']) => lengthOf(useParticipants(call)),
    before: 1,
    change: ({ server }) => server.notify('participantJoined', { callId, participant: participant('carol') }),
    after: 2,
  },
  {
    hook: 'useParticipant',
    of: ({ bob }) => bob,
    use: (bob: Parts['bob']) => [useParticipant(bob).isHandRaised, useParticipant(bob).displayName],
    before: [false, 'bob'],
    change: ({ server }) => server.notify('handRaised', { ...bobs, atMs: 1 }),
    after: [true, 'bob'],
  },
  {
    hook: 'useVideoStreams',
    of: ({ bob }) => bob,
    use: (bob: Parts['bob']) => lengthOf(useVideoStreams(bob)),
    before: 1,
    change: ({ server }) => server.notify('producerRemoved', { ...bobs, producerId: 'camera-1' }),
    after: 0,
  },
  {
    hook: 'useScreenSharingStreams',
    of: ({ bob }) => bob,
    use: (bob: Parts['bob']) => lengthOf(useScreenSharingStreams(bob)),
    before: 1,
    change: ({ server }) => server.notify('producerRemoved', { ...bobs, producerId: 'screen-1' }),
    after: 0,
  },
  {
    hook: 'useStream',
    of: ({ camera }) => camera,
    use: (camera: Parts['camera']) => useStream(camera).isAvailable,
    before: true,
    change: ({ server }) => server.notify('producerPaused', { ...bobs, producerId: 'camera-1' }),
    after: false,
  },
  {
    hook: 'useLocalVideoStreams',
    of: ({ call }) => call,
    use: (call: Parts['call']) => lengthOf(useLocalVideoStreams(call)),
    before: 0,
    change: ({ call }) => call.startVideo(),
    after: 1,
  },
  {
    hook: 'useDominantSpeakers',
    of: ({ call }) => call,
    use: (call: Parts['call']) => kindsOf(useDominantSpeakers(call)),
    before: [],
    change: ({ server }) =>
      server.notify('speakersChanged', { callId, participantIds: ['alice-1', 'bob-1'] }),
    after: ['own', 'other'],
  },
  {
    hook: 'useRaisedHands',
    of: ({ call }) => call,
    use: (call: Parts['call']) => kindsOf(useRaisedHands(call)),
    before: [],
    change: ({ server }) => server.notify('handRaised', { ...bobs, atMs: 1 }),
    after: ['other'],
  },
  {
    hook: 'useSpotlight',
    of: ({ call }) => call,
    use: (call: Parts['call']) => kindsOf(useSpotlight(call)),
    before: [],
    change: ({ server }) =>
      server.notify('spotlightChanged', { callId, participantIds: ['bob-1', 'alice-1'] }),
    after: ['other', 'own'],
  },
  {
    hook: 'useChat',
    of: ({ call }) => call,
    listensTo: ({ call }) => call.chat,
    use: (call: Parts['call']) => useChat(call).map(({ text }) => text),
    before: [],
    change: ({ server }) => server.notify('chatSent', { callId, message }),
    after: ['Hello'],
  },
  {
    hook: 'useCustomData',
    of: ({ call }) => call,
    use: (call: Parts['call']) => useCustomData(call),
    before: {},
    change: ({ server }) => server.notify('customDataChanged', { callId, customData: { item: '3' } }),
    after: { item: '3' },
  },
  {
    hook: 'useLobby',
    of: ({ call }) => call,
    listensTo: ({ call }) => call.lobby,
    use: (call: Parts['call']) => useLobby(call).map(({ displayName }) => displayName),
    before: [],
    change: ({ server }) => server.notify('lobbyChanged', { callId, lobby: [dave] }),
    after: ['dave'],
  },
];

describe.for(rows)('$hook', ({ of, listensTo = of, use, before, change, after }) => {
  it('has the value of the object, follows it, and listens to nothing once unmounted', async () => {
    const parts = await fakeCall();
    const given = of(parts) as never;
    const listeners = listenersOf(listensTo(parts) as never);
    const { result, unmount } = renderHook(() => use(given), { wrapper: StrictMode });
    expect(result.current).toEqual(before);
    expect(listeners.count).toBeGreaterThan(0);

    await act(async () => void (await change(parts)));
    await settle();
    expect(result.current).toEqual(after);
    unmount();

    expect(listeners.count).toBe(0);
  });
});

it('hooks for lists have an empty one, the same each time, while there is no call and no participant', () => {
  const { result, rerender } = renderHook(() => [
    ...[useParticipants, useLocalVideoStreams, useDominantSpeakers, useRaisedHands].map((use) =>
      use(undefined),
    ),
    ...[useSpotlight, useChat, useLobby].map((use) => use(undefined)),
    ...[useVideoStreams, useScreenSharingStreams].map((use) => use(undefined)),
  ]);
  const first = result.current;
  rerender();

  expect(first).toHaveLength(9);
  expect(first.flat()).toEqual([]);
  expect(result.current.every((list, place) => list === first[place])).toBe(true);
});

it('hooks for one object have nothing while there is none', () => {
  const { result } = renderHook(() => [
    useCall(undefined),
    useParticipant(undefined),
    useStream(undefined),
    useIsSpeaking(undefined),
    useCustomData(undefined),
  ]);

  expect(result.current).toEqual([undefined, undefined, undefined, false, {}]);
});

describe.for([
  ['useCall', ({ call }: Parts) => call, (call: never) => useCall(call), ['direction']],
  ['useParticipant', ({ bob }: Parts) => bob, (bob: never) => useParticipant(bob), ['identity']],
  ['useStream', ({ camera }: Parts) => camera, (camera: never) => useStream(camera), ['type']],
] as const)('%s', ([, of, use, constant]) => {
  it('listens to the event of each property that it has and that changes', async () => {
    const given = of(await fakeCall());
    const listeners = listenersOf(given);
    const { result } = renderHook(() => use(given as never));
    const changing = Object.keys(result.current).filter((name) => !constant.includes(name as never));

    expect(listeners.names.toSorted()).toEqual(changing.map((name) => `${name}Changed`).toSorted());
  });
});

it('a component that reads a call does not render again because somebody speaks', async () => {
  const { call, server } = await fakeCall();
  let renderings = 0;
  renderHook(() => {
    renderings += 1;

    return useCall(call);
  });

  act(() => server.notify('speakersChanged', { callId, participantIds: ['alice-1', 'bob-1'] }));
  expect(call.isSpeaking).toBe(true);
  expect(renderings).toBe(1);
});

it('useEvent calls the listener of the latest rendering, subscribed once, until it is unmounted', async () => {
  const { call, server } = await fakeCall();
  const listeners = listenersOf(call);
  const heard: string[] = [];
  const { rerender, unmount } = renderHook(
    ({ name }: { name: string }) =>
      useEvent(call, 'reactionReceived', ({ reaction }) => heard.push(`${name} ${reaction}`)),
    { initialProps: { name: 'first' } },
  );
  rerender({ name: 'second' });
  expect(listeners).toMatchObject({ count: 1, added: 1 });

  server.notify('reactionSent', { ...bobs, reaction: '👏' });
  unmount();
  server.notify('reactionSent', { ...bobs, reaction: '👏' });

  expect(heard).toEqual(['second 👏']);
  expect(listeners.count).toBe(0);
});

it('useEvent knows the events of what belongs to a call, too', async () => {
  const { call, server } = await fakeCall();
  const heard: string[] = [];
  renderHook(() => {
    useEvent(call.chat, 'messagesUpdated', ({ added }) => heard.push(...added.map(({ text }) => text)));
    useEvent(call.lobby, 'participantsUpdated', ({ added }) => heard.push(...added.map(({ id }) => id)));
    useEvent(call.localVideoStreams[0], 'processorFailed', (error) => heard.push(String(error)));
  });

  server.notify('chatSent', {
    callId: bobs.callId,
    message: {
      id: '1',
      participantId: 'bob-1',
      userId: 'bob',
      displayName: 'Bob',
      text: 'Hello',
      sentAtMs: 0,
    },
  });

  expect(heard).toEqual(['Hello']);
});
