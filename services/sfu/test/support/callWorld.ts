import { createMemoryBackplane, type Backplane, type CallEvent, type RoomRecord } from '@parley/backplane';
import {
  limitsWith,
  ProtocolError,
  type ChangedCallSettings,
  type Entered,
  type ErrorCode,
  type Joined,
  type Limits,
  type Notification,
  type NotificationData,
  type NotificationName,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from '@parley/protocol';
import { pino } from 'pino';
import type { CallEndpoint } from '../../src/calls/CallEndpoint.ts';
import { standardCallLimits } from '../../src/calls/callLimits.ts';
import { CallService } from '../../src/calls/CallService.ts';
import type { CallJournal } from '../../src/calls/recovery/CallJournal.ts';
import { EndpointDirectory } from '../../src/calls/EndpointDirectory.ts';
import { Surveys } from '../../src/calls/features/Surveys.ts';
import { Probes } from '../../src/probes/Probes.ts';
import { handleRequest } from '../../src/signaling/dispatch.ts';
import { FakeClock } from './FakeClock.ts';
import { FakeMedia, offer } from './FakeMedia.ts';

/** A device without a socket: it collects what it is told. */
export interface FakeDevice extends CallEndpoint {
  isConnected: boolean;
  hasExpired: boolean;
  readonly told: Notification[];
  /** What it was told under that name, in order. */
  heard<Name extends NotificationName>(name: Name): NotificationData<Name>[];
}

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface CallWorld {
  readonly calls: CallService;
  readonly probes: Probes;
  readonly media: FakeMedia;
  readonly clock: FakeClock;
  /** What the calls have logged, but for what only a developer wants to know. */
  readonly log: readonly LogLine[];
  readonly backplane: Backplane;
  /** Replaces the application with one of these limits, destinations and settings. */
  putApplication(changed?: {
    limits?: Partial<Limits>;
    anonymousDestinations?: string[];
    callSettings?: ChangedCallSettings;
  }): Promise<void>;
  /** Publishes the room, open to everybody unless told otherwise. */
  putRoom(changed?: Partial<RoomRecord>): Promise<void>;
  /** What the calls have told the platform so far, in order. */
  events(): Promise<CallEvent[]>;
  /** Connects one more device of the user. */
  device(userId: string, identity?: Partial<CallEndpoint>): Promise<FakeDevice>;
  /** The device's connection breaks. */
  drop(device: FakeDevice): void;
  /** What the client of the device asks for. */
  ask<Name extends RequestName>(
    device: FakeDevice,
    name: Name,
    data: RequestData<Name>,
  ): Promise<RequestAnswer<Name>>;
  /** Enters the room's call; the test has failed when the device is not let in at once. */
  enterRoom(device: FakeDevice, roomId?: string): Promise<Joined>;
}

/** One of several nodes. */
export interface WorldNode {
  readonly nodeId: string;
  /** Those of another node. */
  readonly backplane: Backplane;
  readonly clock: FakeClock;
}

/** The calls with fakes at their two edges, media and time. They end with the process unless there is a journal. */
export async function createCallWorld(
  journal?: CallJournal,
  { nodeId, backplane, clock }: WorldNode = {
    nodeId: 'node',
    backplane: createMemoryBackplane((error) => {
      throw error;
    }),
    clock: new FakeClock(),
  },
): Promise<CallWorld> {
  const media = new FakeMedia();
  const log: LogLine[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void log.push(JSON.parse(line) as LogLine) });
  const calls = new CallService({
    backplane,
    media,
    clock,
    journal,
    nodeId,
    nodeUrl: `http://${nodeId}.test`,
    directory: new EndpointDirectory(),
    surveys: new Surveys({ callEvents: backplane.callEvents, clock }),
    logger,
    settings: {},
    limits: standardCallLimits,
    iceServersFor: () => [],
  });
  backplane.nodeCommands.handle(nodeId, (command) => calls.carryOut(command));
  const { probesPerMinute: perMinute } = standardCallLimits;
  const probes = new Probes({ media, clock, logger, perMinute, iceServersFor: () => [] });
  let devices = 0;
  const putApplication: CallWorld['putApplication'] = async (changed = {}) => {
    const { limits, anonymousDestinations = [], callSettings = {} } = changed;
    for (const applicationId of ['app', 'other']) {
      await backplane.admission.putApplication({
        applicationId,
        anonymousDestinations,
        callSettings,
        allowedOrigins: [],
        limits: limitsWith(limits),
      });
    }
  };
  await putApplication();
  const told: CallEvent[] = [];

  return {
    putApplication,
    putRoom: (changed) =>
      backplane.admission.putRoom({
        applicationId: 'app',
        roomId: 'room',
        access: 'open',
        lobby: false,
        validFromMs: 0,
        validUntilMs: Number.MAX_SAFE_INTEGER,
        maxParticipants: 100,
        attendeesMayShare: true,
        roster: {},
        ...changed,
      }),
    async events() {
      const subscription = backplane.callEvents.consume(async (events) => void told.push(...events));
      await subscription.close();

      return told;
    },
    calls,
    probes,
    media,
    clock,
    log,
    backplane,
    async device(userId, overrides = {}) {
      devices += 1;
      const heard: Notification[] = [];
      const device: FakeDevice = {
        id: `${userId}-${devices}`,
        applicationId: 'app',
        identity: { userId, displayName: userId, kind: 'user' },
        scopes: ['calls'],
        token: { applicationId: 'app', userId, grantId: `grant-${devices}`, issuedAtMs: 0 },
        hasExpired: false,
        maxCalls: 8,
        ...overrides,
        isConnected: true,
        told: heard,
        // What is told of a call carries a number, which these tests do not look at.
        notify: (notification) => void heard.push(notification as Notification),
        heard: <Name extends NotificationName>(name: Name) =>
          heard.filter((one) => one.name === name).map(({ data }) => data as NotificationData<Name>),
      };
      const { applicationId } = device;
      if (device.identity.kind === 'user') {
        await backplane.admission.putUser({ applicationId, userId, displayName: userId, phoneNumbers: [] });
      }
      await backplane.presence.enter({ applicationId, userId, endpointId: device.id, nodeId });
      calls.connect(device);

      return device;
    },
    drop(device) {
      device.isConnected = false;
      calls.disconnect(device, 'connection_lost');
      probes.disconnect(device);
    },
    ask: async (endpoint, name, data) =>
      handleRequest(name, data, { endpoint, calls, probes, refreshToken: async () => 0 }),
    async enterRoom(device, roomId = 'room') {
      return joinedBy(await calls.joinRoom(device, { roomId, media: offer }));
    },
  };
}

/** The answer of somebody who was let in at once. */
export function joinedBy(answer: Entered): Joined {
  if (answer.action !== 'joined') {
    throw new Error(`The answer was ${answer.action}.`);
  }

  return answer;
}

/** The code with which the promise was rejected; undefined when it was not. */
export async function codeOf(outcome: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await outcome;

    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) {
      return error.code;
    }
    throw error;
  }
}

/** What is asked of other nodes has been answered. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets time pass; what is asked of other nodes meanwhile is answered meanwhile. */
export async function passSettled({ clock }: Pick<CallWorld, 'clock'>, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 500) {
    clock.advance(500);
    await settled();
  }
}
