import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createMemoryBackplane,
  type ApplicationRecord,
  type Backplane,
  type RoomRecord,
} from '@parley/backplane';
import { limitsWith, type Identity } from '@parley/protocol';
import { locateWorker } from '@parley/setup';
import { generateSigningJwk, loadSigningKey, signSessionToken, type SessionGrant } from '@parley/tokens';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { createSfu, type Sfu, type SfuConfig } from '../../src/index.ts';
import type { OpenTransports } from '../../src/media/ParticipantTransports.ts';
import { TestClient, type ConnectOptions } from './TestClient.ts';

export const applicationId = 'app-1';

/** The issuer of the tokens; the test server itself listens on a port of its own. */
export const publicUrl = 'http://parley.test';

export interface TestSfu extends AsyncDisposable {
  readonly sfu: Sfu;
  readonly url: string;
  readonly backplane: Backplane;
  /** Every line the service has logged. */
  readonly log: readonly string[];
  token(userId: string, grant?: Partial<SessionGrant>, nowMs?: number): Promise<string>;
  /** Publishes the user and connects one device of theirs. */
  connect(userId: string, options?: ConnectOptions & { grant?: Partial<SessionGrant> }): Promise<TestClient>;
  /** Replaces the application with one that differs in this from the usual one. */
  putApplication(changed: Partial<ApplicationRecord>): Promise<void>;
  putRoom(room: Partial<RoomRecord> & { roomId: string }): Promise<void>;
}

export interface TestSfuOptions {
  readonly revocationsKnown?: boolean;
  /** In place of those of WebRTC clients. */
  readonly openTransports?: OpenTransports;
  readonly metrics?: Registry;
}

/** A real sfu with real workers on an HTTP server of its own, over a memory backplane. */
export async function startTestSfu(
  config: Partial<SfuConfig> = {},
  { revocationsKnown = true, openTransports, metrics }: TestSfuOptions = {},
): Promise<TestSfu> {
  const backplane = createMemoryBackplane((error) => {
    throw error;
  });
  const key = await loadSigningKey(await generateSigningJwk());
  await backplane.admission.putSigningKeys([key.publicJwk]);
  if (revocationsKnown) {
    await backplane.admission.putAllRevocations([]);
  }
  const putApplication: TestSfu['putApplication'] = (changed) =>
    backplane.admission.putApplication({
      applicationId,
      allowedOrigins: ['http://localhost:*', 'https://app.example'],
      anonymousDestinations: [],
      limits: limitsWith(),
      ...changed,
    });
  await putApplication({});
  const log: string[] = [];
  const sfu = await createSfu({
    backplane,
    openTransports,
    metrics,
    logger: pino({ level: 'trace' }, { write: (line) => void log.push(line) }),
    config: {
      nodeId: 'node-1',
      publicUrl,
      workerBin: await locateWorker(),
      workerCount: 1,
      listenAddress: '127.0.0.1',
      rtcMinPort: 42_000,
      rtcMaxPort: 42_999,
      ...config,
    },
  });
  const server = createServer();
  sfu.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: TestClient[] = [];

  const token: TestSfu['token'] = async (userId, grant = {}, nowMs = Date.now()) => {
    const identity: Identity = { userId, displayName: userId, kind: 'user' };
    const full = { applicationId, identity, scopes: ['calls'] as const, expiresInSeconds: 3600, ...grant };

    return (await signSessionToken(full, { issuer: publicUrl, key, nowMs })).token;
  };

  return {
    sfu,
    url,
    backplane,
    log,
    token,
    putApplication,
    async connect(userId, { grant, ...options } = {}) {
      await backplane.admission.putUser({ applicationId, userId, displayName: userId, phoneNumbers: [] });
      const client = await TestClient.connect(url, await token(userId, grant), options);
      clients.push(client);
      await client.welcome();

      return client;
    },
    async putRoom(room) {
      await backplane.admission.putRoom({
        applicationId,
        access: 'open',
        lobby: false,
        attendeesMayShare: true,
        validFromMs: 0,
        validUntilMs: Number.MAX_SAFE_INTEGER,
        maxParticipants: 100,
        roster: {},
        ...room,
      });
    },
    async [Symbol.asyncDispose]() {
      clients.forEach(({ socket }) => socket.disconnect());
      await sfu.close();
      server.close();
    },
  };
}
