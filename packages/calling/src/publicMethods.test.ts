import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeStream } from './testing/fakeMediaStream.ts';
import { FakeMediaElement } from './testing/fakePage.ts';
import { callMethods } from './testing/methods/callMethods.ts';
import { deviceMethods } from './testing/methods/deviceMethods.ts';
import type { MethodCase, Outcome } from './testing/methods/MethodCase.ts';
import { methodWorld, type MethodWorld } from './testing/methods/methodWorld.ts';
import { streamMethods } from './testing/methods/streamMethods.ts';
import { publicClasses } from './testing/publicSurface.ts';
import { nextTurn } from './testing/testClient.ts';

const cases: Readonly<Record<string, MethodCase>> = { ...callMethods, ...deviceMethods, ...streamMethods };

/** Of a feature that is no class with events. */
const collector = {
  of: 'MediaStats',
  name: 'createCollector',
  full: 'MediaStats.createCollector',
  isAsync: false,
};

/** Of these the parent is the client: it ends them. */
const ofClient = new Set(['CallClient', 'DeviceManager', 'IncomingCall', 'LevelMeter', 'PreviewRenderer']);

const declared = publicClasses
  .flatMap(({ name, methods }) =>
    methods.map((method) => ({ ...method, of: name, full: `${name}.${method.name}` })),
  )
  .concat(collector);

type Method = (...args: readonly unknown[]) => unknown;

/** What becomes of it, and whether it is told by a promise. */
async function outcomeOf(
  world: MethodWorld,
  full: string,
  args: readonly unknown[],
): Promise<{ outcome: Outcome; isAsync: boolean }> {
  const [of = '', name = ''] = full.split('.');
  const object = world.objects[of as keyof MethodWorld['objects']] as unknown as Record<string, Method>;
  const codeOf = (error: unknown): string =>
    error instanceof TypeError ? 'TypeError' : ((error as { code?: string }).code ?? String(error));
  let returned: unknown;
  try {
    returned = object[name]?.(...args);
  } catch (error) {
    return { outcome: codeOf(error), isAsync: false };
  }
  if (!(returned instanceof Promise)) {
    return { outcome: 'done', isAsync: false };
  }
  const settled = returned.then(() => 'done', codeOf);
  // What waits, waits for something that will not come here: it was taken.
  const outcome = await Promise.race([
    settled,
    nextTurn()
      .then(nextTurn)
      .then(() => 'done'),
  ]);

  return { outcome, isAsync: true };
}

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('HTMLMediaElement', FakeMediaElement);
});
afterEach(() => void vi.unstubAllGlobals());

/** As the seed calls them. */
const seed = {
  async: {
    Call: ['mute', 'unmute', 'startVideo', 'stopVideo', 'removeParticipant'],
    RemoteVideoStream: ['render'],
    RemoteVideoRenderer: ['pause', 'resume'],
    DeviceManager: [
      'askDevicePermission',
      'getCameraList',
      'getMicrophoneList',
      'getSpeakerList',
      'setCamera',
      'settMicrophone',
      'setSpeaker',
      'renderPreviewVideo',
    ],
    PreviewRenderer: ['start', 'stop', 'switchDevice'],
  },
  sync: {
    CallClient: ['call'],
    Call: ['addParticipant'],
    RemoteVideoRenderer: ['setScalingMode'],
    DeviceManager: ['getPermissionState', 'getCamera', 'gettMicrophone', 'getSpeaker'],
    PreviewRenderer: ['setScalingMode'],
  },
};

it.each(Object.entries(seed))('what is %s in the seed is so here', (way, classes) => {
  const names = Object.entries(classes).flatMap(([of, methods]) => methods.map((name) => `${of}.${name}`));
  const found = declared.filter(({ full }) => names.includes(full));

  expect(found.map(({ full }) => full).toSorted()).toEqual(names.toSorted());
  expect(found.filter(({ isAsync }) => isAsync !== (way === 'async'))).toEqual([]);
});

it('every public method is tested here', () => {
  expect(declared.map(({ full }) => full).toSorted()).toEqual(Object.keys(cases).toSorted());
});

const tested = declared.map((method) => ({ ...method, ...(cases[method.full] ?? { late: 'untested' }) }));

it.each(tested.filter(({ wrong }) => wrong !== undefined))(
  '$full() takes no wrong argument',
  async ({ full, isAsync, wrong }) => {
    const world = await methodWorld();
    const outcomes = [];
    for (const args of wrong?.(world) ?? []) {
      outcomes.push({ args, ...(await outcomeOf(world, full, args)) });
    }

    expect(outcomes.filter(({ outcome }) => outcome !== 'TypeError')).toEqual([]);
    expect(outcomes.filter((one) => one.isAsync !== isAsync)).toEqual([]);
  },
);

it.each(tested.filter(({ early }) => early !== undefined))(
  '$full() before the call is entered: $early',
  async ({ full, isAsync, early, right = () => [] }) => {
    const world = await methodWorld();
    const call = world.client.join({ roomId: 'room-1' });
    Object.assign(world.objects, { Call: call, CallChat: call.chat, Lobby: call.lobby });

    expect(await outcomeOf(world, full, right(world))).toEqual({ outcome: early, isAsync });
  },
);

it.each(tested)(
  '$full() after the end of its call or client: $late',
  async ({ of, full, isAsync, late, right = () => [] }) => {
    const world = await methodWorld();
    const args = right(world);
    await (ofClient.has(of) ? world.client.dispose() : world.call.hangUp());

    expect(await outcomeOf(world, full, args)).toEqual({ outcome: late, isAsync });
  },
);
