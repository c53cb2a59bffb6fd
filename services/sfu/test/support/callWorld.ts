import { createMemoryBackplane, type Backplane } from '@parley/backplane';
import type { ErrorCode, Notification, NotificationData, NotificationName } from '@parley/protocol';
import { ProtocolError } from '@parley/protocol';
import { pino } from 'pino';
import type { CallEndpoint } from '../../src/calls/CallEndpoint.ts';
import { CallService } from '../../src/calls/CallService.ts';
import { EndpointDirectory } from '../../src/calls/EndpointDirectory.ts';
import { FakeClock } from './FakeClock.ts';
import { FakeMedia } from './FakeMedia.ts';

/** A device without a socket: it collects what it is told. */
export interface FakeDevice extends CallEndpoint {
  isConnected: boolean;
  readonly told: Notification[];
  /** What it was told under that name, in order. */
  heard<Name extends NotificationName>(name: Name): NotificationData<Name>[];
}

export interface CallWorld {
  readonly calls: CallService;
  readonly media: FakeMedia;
  readonly clock: FakeClock;
  readonly backplane: Backplane;
  /** Connects one more device of the user. */
  device(userId: string, identity?: Partial<CallEndpoint>): Promise<FakeDevice>;
  /** The device's connection breaks. */
  drop(device: FakeDevice): void;
}

/** The calls with fakes at their two edges, media and time. */
export function createCallWorld(): CallWorld {
  const backplane = createMemoryBackplane((error) => {
    throw error;
  });
  const media = new FakeMedia();
  const clock = new FakeClock();
  const calls = new CallService({
    backplane,
    media,
    clock,
    directory: new EndpointDirectory(),
    logger: pino({ level: 'silent' }),
    ringingTimeoutMs: 60_000,
  });
  let devices = 0;

  return {
    calls,
    media,
    clock,
    backplane,
    async device(userId, overrides = {}) {
      devices += 1;
      const told: Notification[] = [];
      const device: FakeDevice = {
        id: `${userId}-${devices}`,
        applicationId: 'app',
        identity: { userId, displayName: userId, kind: 'user' },
        scopes: ['calls'],
        ...overrides,
        isConnected: true,
        told,
        notify: (notification) => void told.push(notification),
        heard: <Name extends NotificationName>(name: Name) =>
          told.filter((one) => one.name === name).map(({ data }) => data as NotificationData<Name>),
      };
      const { applicationId } = device;
      await backplane.admission.putUser({ applicationId, userId, displayName: userId });
      await backplane.presence.enter({ applicationId, userId, endpointId: device.id, nodeId: 'node' });
      calls.connect(device);

      return device;
    },
    drop(device) {
      device.isConnected = false;
      calls.disconnect(device, 'connection_lost');
    },
  };
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
