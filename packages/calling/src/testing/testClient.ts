import { allAutomatic } from '../automatic.ts';
import type { AutomaticBehaviours } from '../automaticTypes.ts';
import { CallClientImpl } from '../client/CallClientImpl.ts';
import { CommunicationUserCredential } from '../client/CommunicationUserCredential.ts';
import { UserConnection } from '../client/UserConnection.ts';
import type { DeviceMemory } from '../devices/DeviceMemory.ts';
import { silentLogger, type Logger } from '../logger.ts';
import { AudioOutput } from '../rendering/AudioOutput.ts';
import type { OpenSocket } from '../signaling/SocketPort.ts';
import { FakeDevices } from './FakeDevices.ts';
import { FakeMedia } from './FakeMedia.ts';
import { FakeNetwork } from './FakeNetwork.ts';
import { FakePage } from './fakePage.ts';
import { FakeClock, FakeServer } from './FakeServer.ts';

/** A client on fakes at every seam to the browser and the network. */
export async function createTestClient(
  parts: {
    server?: FakeServer;
    clock?: FakeClock;
    credential?: CommunicationUserCredential;
    /** Instead of the server's own: that of several servers. */
    openSocket?: OpenSocket;
    logger?: Logger;
    deviceMemory?: DeviceMemory;
    page?: FakePage;
    automatic?: AutomaticBehaviours;
  } = {},
) {
  const { server = new FakeServer(), clock = new FakeClock() } = parts;
  const { credential: tokens = new CommunicationUserCredential('a token') } = parts;
  const { openSocket = server.openSocket, logger = silentLogger } = parts;
  const network = new FakeNetwork();
  const media = new FakeMedia();
  const devices = new FakeDevices();
  const { page = new FakePage() } = parts;
  const automatic = { ...allAutomatic, ...parts.automatic };
  const audioOutput = new AudioOutput(() => page.asDocument(), automatic.playOnTouch);
  const client = await CallClientImpl.create({
    connection: new UserConnection({
      endpoint: 'http://localhost',
      tokens,
      openSocket,
      watchNetwork: (onChanged) => network.watch(onChanged),
      automatic,
      clock,
      logger,
    }),
    media,
    devices,
    deviceMemory: parts.deviceMemory,
    clock,
    audioOutput,
    watchPage: (onGone, onVisibility) => page.watch(onGone, onVisibility),
    automatic,
    logger,
  });

  return { client, server, clock, media, devices, page, network, audioOutput };
}

/** Resolves after everything that was ready to run has run: one turn of the event loop, not a time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Lets time pass in steps, after each of which happens what it has brought about. */
export async function passInSteps(clock: FakeClock, ms: number, stepMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    clock.pass(stepMs);
    await nextTurn();
  }
}
