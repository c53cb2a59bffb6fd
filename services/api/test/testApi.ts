import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBackplane, type Admission, type Backplane } from '@parley/backplane';
import { createDatabase, type Database } from '@parley/db';
import { systemClock, type Clock } from '@parley/kit';
import { limitsWith, type KeyRight, type Limits } from '@parley/protocol';
import { createSessionVerifier, type SessionVerifier } from '@parley/tokens';
import { createTestDatabase } from '@parley/test-kit';
import type { Express } from 'express';
import { pino } from 'pino';
import { createApi, type Api, type ApiDeps } from '../src/index.ts';
import { makeSecret } from '../src/security/secrets.ts';

export const publicUrl = 'https://calls.example';
export const allowedOrigin = 'https://app.example';

/** An application with a key, as an operator would have made it. */
export interface TestApplication {
  readonly applicationId: string;
  readonly publicKey: string;
  /** Value of the Authorization header. */
  readonly key: string;
  /** A further key of the same application. */
  keyWith(rights: KeyRight[]): Promise<string>;
}

/** The whole api on a database and a backplane of its own. */
export interface TestApi {
  readonly app: Express;
  readonly api: Api;
  readonly database: Database;
  readonly admission: Admission;
  readonly backplane: Backplane;
  /** Value of the Authorization header. */
  readonly operatorKey: string;
  readonly verify: SessionVerifier;
  readonly logs: readonly string[];
  /** Remembers what must never be seen in a log; `close()` looks for it. */
  keepSecret(secret: string): string;
  createApplication(limits?: Partial<Limits>): Promise<TestApplication>;
  /** Throws when a secret was logged. */
  close(): Promise<void>;
}

export interface TestApiOptions extends Pick<ApiDeps, 'demo' | 'isReady' | 'metrics'> {
  addressRequestsPerMinute: number;
  operatorRequestsPerMinute: number;
  trustedProxies: readonly string[];
  /** Added to the real time. */
  clockAheadMs: () => number;
  /** In place of the real time. */
  now: () => number;
  /** The URL by which the api is to reach its database. */
  reachDatabase: (url: string) => Promise<string>;
}

export async function startTestApi(options: Partial<TestApiOptions> = {}): Promise<TestApi> {
  const { url, drop } = await createTestDatabase();
  // One whose way to its database is a test's own shows the patience of the real one; the others must not mind a
  // machine that is busy with other tests.
  const database =
    options.reachDatabase === undefined
      ? createDatabase(url, { patienceMs: 30_000 })
      : createDatabase(await options.reachDatabase(url));
  const backplane = createMemoryBackplane((error) => {
    throw error;
  });
  const { admission } = backplane;
  const operatorKey = randomBytes(32).toString('base64url');
  const logs: string[] = [];
  const secrets = new Set<string>([operatorKey]);
  const files = await writeFiles();
  const clock: Clock = {
    ...systemClock,
    now: options.now ?? (() => Date.now() + (options.clockAheadMs?.() ?? 0)),
  };
  const api = await createApi({
    config: {
      publicUrl,
      ...files,
      addressRequestsPerMinute: options.addressRequestsPerMinute,
      operatorRequestsPerMinute: options.operatorRequestsPerMinute,
      trustedProxies: options.trustedProxies ?? [],
    },
    database,
    backplane,
    masterKey: randomBytes(32),
    operatorKey,
    isReady: options.isReady ?? (() => true),
    logger: pino({ level: 'trace' }, { write: (line) => logs.push(line) }),
    demo: options.demo,
    metrics: options.metrics,
    clock,
  });

  const keepSecret = (secret: string): string => {
    secrets.add(secret);

    return secret;
  };
  const createKey = async (applicationId: string, rights: KeyRight[]): Promise<string> => {
    const { id, secret, hash } = makeSecret();
    await database.apiKey.create({
      data: { privateKey: `key_${id}`, applicationId, name: 'test', secretHash: hash, rights },
    });

    return `Bearer sk_${keepSecret(secret)}`;
  };

  return {
    app: api.app,
    api,
    database,
    admission,
    backplane,
    operatorKey: `Bearer ${operatorKey}`,
    logs,
    keepSecret,
    verify: createSessionVerifier({ issuer: publicUrl, publicKeys: () => admission.signingKeys() }),
    async createApplication(limits = {}) {
      const applicationId = `app-${randomBytes(6).toString('hex')}`;
      const publicKey = `pk_${randomBytes(12).toString('hex')}`;
      await database.application.create({
        data: { id: applicationId, name: 'Test', publicKey, allowedOrigins: [allowedOrigin], limits },
      });
      await admission.putApplication({
        applicationId,
        allowedOrigins: [allowedOrigin],
        anonymousDestinations: [],
        limits: limitsWith(limits),
      });

      return {
        applicationId,
        publicKey,
        key: await createKey(applicationId, ['provision']),
        keyWith: (rights) => createKey(applicationId, rights),
      };
    },
    async close() {
      await api.close();
      await database.$disconnect();
      await drop();
      await rm(files.webRoot, { recursive: true });
      const leaked = [...secrets].filter((secret) => logs.some((line) => line.includes(secret)));
      if (leaked.length > 0) {
        throw new Error(`Secrets were logged: ${leaked.join(', ')}`);
      }
    },
  };
}

/** A page, an SDK bundle and its reference of a few bytes each, laid out as their builds lay them out. */
async function writeFiles(): Promise<{ webRoot: string; sdkBundlePath: string; sdkReferenceRoot: string }> {
  const webRoot = await mkdtemp(join(tmpdir(), 'parley-web-'));
  await mkdir(join(webRoot, 'assets'));
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Parley</title>');
  await writeFile(join(webRoot, 'assets', 'page-1a2b3c.js'), 'export {};');
  const sdkBundlePath = join(webRoot, 'sdk-bundle.js');
  await writeFile(sdkBundlePath, 'export const sdk = 1;');
  await writeFile(`${sdkBundlePath}.map`, '{"version":3}');
  await writeFile(join(webRoot, 'sdk-bundle.iife.js'), 'var Parley = 1;');
  await writeFile(join(webRoot, 'sdk-bundle.iife.js.map'), '{"version":3}');
  await writeFile(join(webRoot, 'sdk-bundle-some-part.js'), 'export const part = 1;');
  await writeFile(join(webRoot, 'sdk-bundle-frames.worker.js'), 'onmessage = 1;');
  const sdkReferenceRoot = join(webRoot, 'reference');
  await mkdir(join(sdkReferenceRoot, 'interfaces'), { recursive: true });
  await writeFile(join(sdkReferenceRoot, 'index.html'), '<!doctype html><title>Parley SDK</title>');
  await writeFile(join(sdkReferenceRoot, 'interfaces', 'Call.html'), '<!doctype html><title>Call</title>');

  return { webRoot, sdkBundlePath, sdkReferenceRoot };
}
