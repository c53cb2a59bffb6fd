import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createMemoryBackplane } from '@parley/backplane';
import { createDatabase } from '@parley/db';
import {
  createSessionVerifier,
  generateSigningJwk,
  loadSigningKey,
  signSessionToken,
  type SessionGrant,
} from '@parley/tokens';
import express, { type Express } from 'express';
import { destination, pino } from 'pino';
import { createApi } from '../src/index.ts';
import { Passwords } from '../src/security/Passwords.ts';
import type { Answer, InnerMeasurement, Opened, Opening, Request } from './messages.ts';

/**
 * The process that is measured: Parley's api and the two handlers it is compared with, on one core. The log goes
 * where it costs what it costs in production and nobody reads it.
 */
const issuer = 'http://localhost';
const [{ databaseUrl }] = (await once(process, 'message')) as [Opening];
const database = createDatabase(databaseUrl);
const backplane = createMemoryBackplane((error) => {
  throw error;
});
const operatorKey = randomBytes(32).toString('base64url');
const api = await createApi({
  config: {
    publicUrl: issuer,
    sdkBundlePath: import.meta.filename,
    sdkReferenceRoot: import.meta.dirname,
    webRoot: import.meta.dirname,
    // Sign-ins come without a key, and all of them from here.
    addressRequestsPerMinute: 10_000_000,
  },
  database,
  backplane,
  masterKey: randomBytes(32),
  operatorKey,
  isReady: () => true,
  logger: pino({ level: 'info' }, destination('/dev/null')),
});

const key = await loadSigningKey(await generateSigningJwk());
const grant: SessionGrant = {
  applicationId: 'bench',
  identity: { userId: 'user-1', displayName: 'User 1', kind: 'user' },
  scopes: ['calls'],
  expiresInSeconds: 86_400,
};
const sign = () => signSessionToken(grant, { issuer, key });

const bare = express().post('/v1/users/:userId/tokens', async (_request, response) => {
  response.status(201).json(await sign());
});
const prismaCreate = express().post('/v1/users/:userId/tokens', async (request, response) => {
  await database.auditEntry.create({
    data: {
      applicationId: grant.applicationId,
      actorKind: 'key',
      actorId: 'key_bench',
      action: 'issueToken',
      target: request.path,
    },
  });
  response.status(201).json(await sign());
});

const inner: Record<InnerMeasurement, () => Promise<() => Promise<unknown>>> = {
  signatures: async () => sign,

  /** What an sfu does with a token before it lets anybody in. */
  verifications: async () => {
    const { token } = await sign();
    const keys = [key.publicJwk];
    const verify = createSessionVerifier({ issuer, publicKeys: async () => keys });

    return async () => {
      const { applicationId, identity, grantId, issuedAtMs } = await verify(token);
      backplane.admission.isRevoked({ applicationId, userId: identity.userId, grantId, issuedAtMs });
    };
  },

  passwordChecks: async () => {
    const passwords = await Passwords.create();
    const hash = await passwords.hash('bench', 'correct horse');

    return () => passwords.verify('bench', 'correct horse', hash);
  },
};

process.on('message', (request: Request) => {
  void answer(request).then((value) => process.send?.({ value } satisfies Answer));
});
process.on('disconnect', () => process.exit());
process.send?.({
  parley: await listen(api.app),
  bare: await listen(bare),
  prismaCreate: await listen(prismaCreate),
  operatorKey,
} satisfies Opened);

async function answer(request: Request): Promise<number> {
  if (request === 'cpu') {
    const { user, system } = process.cpuUsage();

    return (user + system) / 1_000_000;
  }

  return rateOf(await inner[request.measure](), request.seconds);
}

async function listen(app: Express): Promise<string> {
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How often a second it can be done, one after the other. */
async function rateOf(work: () => Promise<unknown>, seconds: number): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    await work();
    count += 1;
  }

  return (count / (performance.now() - startedAt)) * 1000;
}
