import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { applyMigrations } from '@parley/db';
import { startEmbeddedPostgres } from '@parley/db/embedded';
import { locatePostgres } from '@parley/setup';
import { canPin, pinThisProcess, startOnCore, writeReport } from '@parley/test-kit/bench';
import { load, type LoadResult } from './load.ts';
import type { Answer, InnerMeasurement, Opened, Request } from './messages.ts';
import { provision } from './provision.ts';

/**
 * Measures how many session tokens a second the api issues on one core, each with a durable record awaited before the
 * answer. Beside it, from the same run and the same core: a bare Express handler that signs the same token, that
 * handler with one Prisma create a request, and signing and verifying alone. The measurements take turns, so that a
 * noisy minute meets them all; the figures are medians of the rounds.
 */
const rounds = 5;
const seconds = 3;
const connections = 64;

await using opened = new AsyncDisposableStack();
// The load and PostgreSQL on one core, the servers on the other.
pinThisProcess(1);
const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
// The database runs as a user of its own when this runs as root, and has to get to its data.
await chmod(folder, 0o755);
console.log('Starting PostgreSQL and the servers …');
const postgres = await startEmbeddedPostgres({
  binaries: await locatePostgres(),
  dataDir: join(folder, 'data'),
});
opened.defer(() => postgres.stop());
await applyMigrations(postgres.url);

const servers = startOnCore(0, join(import.meta.dirname, 'server.ts'));
opened.defer(async () => {
  if (servers.exitCode === null) {
    const exited = once(servers, 'exit');
    servers.disconnect();
    await exited;
  }
});
servers.send({ databaseUrl: postgres.url });
const addresses = await receive<Opened>();
const { key, clientId, email, password, userIds } = await provision(addresses.parley, addresses.operatorKey);

const issueAt = (url: string, duration = seconds): Promise<LoadResult> =>
  load({
    url,
    requestOf: (index) =>
      post(`/v1/users/${userIds[index % userIds.length]}/tokens`, 'application/json', '{}', key),
    expectedStatus: 201,
    connections,
    seconds: duration,
  });

const signIn = (): Promise<LoadResult> =>
  load({
    url: addresses.parley,
    requestOf: () =>
      post(
        '/v1/oauth/token',
        'application/x-www-form-urlencoded',
        new URLSearchParams({
          grant_type: 'password',
          client_id: clientId,
          username: email,
          password,
          scope: 'openid',
        }).toString(),
      ),
    expectedStatus: 200,
    // One after the other: what one sign-in costs is the question.
    connections: 1,
    seconds: 1,
  });

/** What the servers say next; they may also have come to an end. */
async function receive<Message>(): Promise<Message> {
  const over = new AbortController();
  const ended = once(servers, 'exit', { signal: over.signal }).then(() => {
    throw new Error('The servers have ended; see above.');
  });
  const [message] = (await Promise.race([once(servers, 'message', { signal: over.signal }), ended])) as [
    Message,
  ];
  ended.catch(() => {});
  over.abort();

  return message;
}

async function ask(request: Request): Promise<number> {
  servers.send(request);
  const { value } = await receive<Answer>();

  return value;
}

interface Measured extends LoadResult {
  /** Of the servers' process, for one request: what is left of the figures when others use the machine as well. */
  readonly cpuMicroseconds: number;
}

async function measure(run: () => Promise<LoadResult>): Promise<Measured> {
  const before = await ask('cpu');
  const result = await run();
  const spentSeconds = (await ask('cpu')) - before;

  return { ...result, cpuMicroseconds: (spentSeconds / result.count) * 1_000_000 };
}

function post(path: string, type: string, body: string, credential?: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    ...(credential === undefined ? [] : [`Authorization: Bearer ${credential}`]),
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

const measurements = {
  parley: () => issueAt(addresses.parley),
  bare: () => issueAt(addresses.bare),
  prismaCreate: () => issueAt(addresses.prismaCreate),
  signIn,
};
const loads: Record<keyof typeof measurements, Measured[]> = {
  parley: [],
  bare: [],
  prismaCreate: [],
  signIn: [],
};
const inside: Record<InnerMeasurement, number[]> = { signatures: [], verifications: [], passwordChecks: [] };

console.log('Warming up …');
for (const url of [addresses.parley, addresses.bare, addresses.prismaCreate]) {
  await issueAt(url, 2);
}
for (let round = 1; round <= rounds; round += 1) {
  console.log(`Round ${round} of ${rounds} …`);
  for (const [name, run] of Object.entries(measurements)) {
    loads[name as keyof typeof measurements].push(await measure(run));
  }
  for (const name of Object.keys(inside) as InnerMeasurement[]) {
    inside[name].push(await ask({ measure: name, seconds: 1 }));
  }
}

const perSecond = (name: keyof typeof loads) => median(loads[name].map((result) => result.perSecond));
/** Of each round by itself: the two were measured within the same seconds. */
const ratioToBare = (name: keyof typeof loads) =>
  median(loads[name].map((result, round) => result.perSecond / (loads.bare[round]?.perSecond ?? Number.NaN)));
const cpuMicroseconds = (name: keyof typeof loads) =>
  median(loads[name].map((result) => result.cpuMicroseconds));
const p99 = (name: keyof typeof loads) => median(loads[name].map((result) => result.p99Ms));
const passwordGrantMs = median(loads.signIn.map((result) => result.p50Ms));
const argon2Ms = 1000 / median(inside.passwordChecks);

const row = (title: string, name: keyof typeof loads) => ({
  measured: title,
  'a second': Math.round(perSecond(name)),
  'p99 ms': rounded(p99(name), 1),
  'CPU µs each': Math.round(cpuMicroseconds(name)),
  'ratio to bare': rounded(ratioToBare(name), 2),
});
console.table([
  row('POST /v1/users/{id}/tokens, recorded', 'parley'),
  row('bare Express handler that signs', 'bare'),
  row('the same with one Prisma create each', 'prismaCreate'),
]);
console.table([
  { measured: 'signatures alone, a second', value: Math.round(median(inside.signatures)) },
  {
    measured: "verifications at the sfu's door, a second",
    value: Math.round(median(inside.verifications)),
  },
  { measured: 'password grant, ms', value: rounded(passwordGrantMs, 1) },
  { measured: 'of that argon2, ms', value: rounded(argon2Ms, 1) },
]);
if (!canPin) {
  console.log('Servers and load shared their cores: the ratio tells something, the absolute figures little.');
}

const path = await writeReport({
  name: 'tokens',
  figures: {
    sessionTokensPerSecond: Math.round(perSecond('parley')),
    p99Ms: rounded(p99('parley'), 1),
    ratioToBareHandler: rounded(ratioToBare('parley'), 3),
    signaturesPerSecond: Math.round(median(inside.signatures)),
    verificationsPerSecond: Math.round(median(inside.verifications)),
    bareHandlerPerSecond: Math.round(perSecond('bare')),
    cpuMicrosecondsPerToken: Math.round(cpuMicroseconds('parley')),
    cpuMicrosecondsOfBareHandler: Math.round(cpuMicroseconds('bare')),
    prismaCreatePerSecond: Math.round(perSecond('prismaCreate')),
    ratioOfPrismaCreateToBareHandler: rounded(ratioToBare('prismaCreate'), 3),
    passwordGrantMs: rounded(passwordGrantMs, 1),
    argon2Ms: rounded(argon2Ms, 1),
    argon2ShareOfPasswordGrant: rounded(argon2Ms / passwordGrantMs, 2),
    rounds,
    secondsEach: seconds,
    connections,
  },
  libraries: ['express', 'jose', '@prisma/client'],
});
console.log(`Figures in ${relative(process.cwd(), path)}`);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);

  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
