import { expect, afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { TestClient } from '../../../sfu/test/support/TestClient.ts';
import { startTestPlatform, type TestPlatform } from '../../e2e/support/platform.ts';
import { ask, createBackend, operatorKey, type Backend } from './backend.ts';

/** A platform of the test file, and in it for each test an application with the users alice, bob and carol. */
export interface LiveWorld {
  readonly platform: TestPlatform;
  readonly backend: Backend;
  /** One device of the user, connected until the end of the test. */
  readonly connect: (userId: string) => Promise<TestClient>;
  readonly connectWith: (token: string, origin?: string) => Promise<TestClient>;
  /** The token of a visitor who comes by the link. */
  readonly guestToken: (url: string) => Promise<string>;
}

export function liveWorld(): LiveWorld {
  let platform: TestPlatform;
  let backend: Backend;
  let clients: TestClient[] = [];

  beforeAll(async () => {
    platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
  });
  afterAll(() => platform[Symbol.asyncDispose]());
  beforeEach(async () => {
    backend = await createBackend(platform.url, { contacts: true });
    for (const id of ['alice', 'bob', 'carol']) {
      await backend.do('POST', '/v1/users', { id });
    }
  });
  afterEach(() => {
    clients.forEach(({ socket }) => socket.disconnect());
    clients = [];
  });

  const connectWith: LiveWorld['connectWith'] = async (token, origin) => {
    const client = await TestClient.connect(platform.url, token, origin === undefined ? {} : { origin });
    clients.push(client);
    await client.welcome();

    return client;
  };

  return {
    get platform() {
      return platform;
    },
    get backend() {
      return backend;
    },
    connect: async (userId) => connectWith(await backend.token(userId)),
    connectWith,
    async guestToken(url) {
      const visitor = { code: new URL(url).hash.slice(1), displayName: 'Visitor' };
      const { body } = await ask(platform.url, undefined, ['POST', '/v1/guest-sessions', visitor]);

      return (body as { token: string }).token;
    },
  };
}

export const ring = async (caller: TestClient, ...callees: string[]) =>
  caller.enter('startCall', { callees, media: await caller.offer() });

export const refusalToRing = async (caller: TestClient, ...callees: string[]) =>
  caller.refusal({ name: 'startCall', data: { callees, media: await caller.offer() } });

export const join = async (client: TestClient, roomId: string) =>
  client.enter('joinRoom', { roomId, media: await client.offer() });

export const refusalToJoin = async (client: TestClient, roomId: string) =>
  client.refusal({ name: 'joinRoom', data: { roomId, media: await client.offer() } });

/** What the work answers, which it has to do in that time. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  expect(performance.now() - startedAt).toBeLessThan(ms);

  return result;
}
