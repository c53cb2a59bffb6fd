import { protocolVersion, signalingPath } from '@parley/protocol';
import { serverCases, type ServerConnection, type ServerDriver } from '@parley/protocol/conformance';
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { workerPids } from './support/workerPids.ts';
import { applicationId, startTestSfu, type TestSfu } from './support/testSfu.ts';

const patienceMs = 10_000;

let sfu: TestSfu;
let offer: Awaited<ReturnType<TestClient['offer']>>;
const sockets: Socket[] = [];

beforeAll(async () => {
  sfu = await startTestSfu();
  offer = { ...(await (await sfu.connect('scout')).offer()), sctpStreams: 16 };
});

afterAll(async () => {
  sockets.forEach((socket) => socket.disconnect());
  await sfu[Symbol.asyncDispose]();
});

/** Our server as the suite sees any other, over the Socket.IO client that knows nothing of the protocol. */
const driver: ServerDriver = {
  async user(name) {
    const userId = `${name}-${randomUUID()}`;
    await sfu.backplane.admission.putUser({ applicationId, userId, displayName: name, phoneNumbers: [] });

    return userId;
  },
  async connect(userId, { clientId = randomUUID(), resumeTokens, auth } = {}) {
    const token = await sfu.token(userId);
    const usual = {
      token,
      protocolVersion,
      clientId,
      ...(resumeTokens === undefined ? {} : { resumeTokens }),
    };
    const socket = io(sfu.url, {
      path: signalingPath,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: (auth ?? usual) as Record<string, unknown>,
    });
    sockets.push(socket);
    const inbox = new Inbox(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });

    return connectionOver(socket, inbox);
  },
  token: (userId) => sfu.token(userId),
  async createRoom({ roster, hasLobby }) {
    const roomId = randomUUID();
    await sfu.putRoom({ roomId, roster, lobby: hasLobby });

    return roomId;
  },
  loseMedia: () => workerPids().forEach((pid) => process.kill(pid, 'SIGKILL')),
  offer: () => offer,
  microphone: () => opusParameters(),
};

function connectionOver(socket: Socket, inbox: Inbox): ServerConnection {
  return {
    request: (envelope) => socket.timeout(patienceMs).emitWithAck('request', envelope),
    next: () => inbox.next(),
    async cut() {
      const gone = new Promise((resolve) => socket.once('disconnect', resolve));
      socket.io.engine.close();
      await gone;
    },
  };
}

/** What has arrived and was not read, or who waits for something to arrive. */
class Inbox {
  readonly #arrived: unknown[] = [];
  #waiting: ((notification: unknown) => void) | undefined;

  constructor(socket: Socket) {
    socket.on('notification', (notification: unknown) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) {
        this.#arrived.push(notification);
      } else {
        waiting(notification);
      }
    });
  }

  next(): Promise<unknown> {
    if (this.#arrived.length > 0) {
      return Promise.resolve(this.#arrived.shift());
    }

    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('No notification came.')), patienceMs);
      this.#waiting = (notification) => {
        clearTimeout(timer);
        resolve(notification);
      };
    });
  }
}

describe('the sfu as the protocol describes a server', () => {
  it.for([...serverCases])('$title', async (conformanceCase) => {
    await expect(conformanceCase.run(driver)).resolves.toBeUndefined();
  });
});
