import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { accessTokenWithValueSchema, tokenResponseSchema } from '@parley/protocol/rest';
import { createTestDatabase, freePort } from '@parley/test-kit';
import { expect, it } from 'vitest';
import { checkout, startTestPlatform, type TestPlatform } from '../e2e/support/platform.ts';
import { ask, operatorKey } from './support/backend.ts';

const execute = promisify(execFile);
const curl = join(import.meta.dirname, 'support/curl.mjs');

async function blocksOf(guide: string, language: 'sh' | 'sql'): Promise<string[]> {
  const text = await readFile(join(checkout, 'docs/guides', guide), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, 'gm'));

  return [...blocks].map(([, block = '']) => block);
}

async function commandsOf(guide: string): Promise<string> {
  return (await blocksOf(guide, 'sh')).join('\n');
}

it('every command of the guides to provisioning and rotation is answered with success', async () => {
  await using platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
  const script = [
    'set -euo pipefail',
    `curl() { node ${curl} "$@"; }`,
    await commandsOf('provisioning.md'),
    await commandsOf('rotation.md'),
    'echo; echo "APP=$APP ROOM=$ROOM LINK=$LINK KEY=${KEY:0:3}"',
  ];

  const { stdout } = await execute('bash', ['-c', script.join('\n')], {
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      URL: platform.url,
      PARLEY_OPERATOR_KEY: operatorKey,
    },
  });

  expect(stdout).toMatch(/\nAPP=\S+ ROOM=[0-9a-z-]+ LINK=http\S+\/join#\S+ KEY=sk_\n$/);
}, 120_000);

it('another master key voids session tokens alone, until the statements for a leak end the rest', async () => {
  const { url: databaseUrl, database, drop } = await createTestDatabase();
  const port = await freePort();
  const startWith = (masterKey: Uint8Array) =>
    startTestPlatform({
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      PARLEY_DEMO: 'on',
      PARLEY_MASTER_KEY: Buffer.from(masterKey).toString('base64'),
    });
  const run = async (block: string | undefined): Promise<void> => {
    const statements = (block ?? '').split(';').filter((statement) => statement.trim() !== '');
    expect(statements).toHaveLength(2);
    for (const statement of statements) {
      await database.$executeRawUnsafe(statement);
    }
  };
  const [lost, leaked] = await blocksOf('rotation.md', 'sql');
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];

  let held: Held;
  {
    await using platform = await startWith(oldKey);
    held = await signIn(platform);
    expect(await stillGood(platform, held)).toEqual({ session: true, accessToken: true });
  }
  await run(lost);
  {
    await using platform = await startWith(newKey);
    expect(await stillGood(platform, held)).toEqual({ session: false, accessToken: true });
    const refreshed = await refresh(platform, held.refreshToken);
    expect(refreshed.status).toBe(200);
    held = { ...held, refreshToken: tokenResponseSchema.parse(refreshed.body).refresh_token ?? '' };
  }
  await run(leaked);
  {
    await using platform = await startWith(newKey);
    expect(await stillGood(platform, held)).toEqual({ session: false, accessToken: false });
    const refreshed = await refresh(platform, held.refreshToken);
    expect([refreshed.status, refreshed.body]).toMatchObject([400, { error: 'invalid_grant' }]);
  }
  await drop();
}, 120_000);

/** What a user and a device have in hand. */
interface Held {
  readonly session: string;
  readonly refreshToken: string;
  readonly accessToken: string;
}

async function signIn(platform: TestPlatform): Promise<Held> {
  const { demo, url } = platform;
  const [alice] = demo.users;
  const answer = await askForToken(platform, {
    grant_type: 'password',
    username: alice?.email ?? '',
    password: alice?.password ?? '',
  });
  const { access_token: session, refresh_token: refreshToken = '' } = tokenResponseSchema.parse(answer.body);
  const made = await ask(url, demo.secret, ['POST', `/v1/users/${alice?.id}/access-tokens`, {}]);

  return { session, refreshToken, accessToken: accessTokenWithValueSchema.parse(made.body).accessToken };
}

async function stillGood({ url }: TestPlatform, { session, accessToken }: Held) {
  const asUser = await ask(url, session, ['GET', '/v1/me/calls']);
  const exchanged = await ask(url, undefined, ['POST', '/v1/sessions', { accessToken }]);

  return { session: asUser.status === 200, accessToken: exchanged.status === 201 };
}

function refresh(platform: TestPlatform, refreshToken: string) {
  return askForToken(platform, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

async function askForToken({ url, demo }: TestPlatform, form: Record<string, string>) {
  const answer = await fetch(`${url}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_id: demo.publicKey }),
  });

  return { status: answer.status, body: await answer.json() };
}
