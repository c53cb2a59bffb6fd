import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callListSchema } from '@parley/protocol/rest';
import { createTestDatabase, freePort } from '@parley/test-kit';
import { describe, expect, it } from 'vitest';
import { ask, createBackend, operatorKey } from './support/backend.ts';
import { mainWorld } from './support/mainProcess.ts';

const world = mainWorld();

/** What is kept of the call; what happened a moment ago is not there yet. */
async function journal(callId: string): Promise<string> {
  const state = join(world.folder, 'state');
  const page = (await readdir(state, { recursive: true })).find((name) => name.endsWith(`${callId}.json`));

  return page === undefined ? '' : readFile(join(state, page), 'utf8');
}

const endings = [
  ['killed', 'SIGKILL'],
  ['stopped', 'SIGTERM'],
] as const;

describe.each(endings)(
  'a start on the data of a run that was %s in a call',
  { timeout: 120_000 },
  (_how, signal) => {
    it('knows every key, token, revocation and room, and goes on with the call and its record', async () => {
      const { url: databaseUrl, drop } = await createTestDatabase();
      const variables = {
        PORT: String(await freePort()),
        DATABASE_URL: databaseUrl,
        PARLEY_MASTER_KEY: randomBytes(32).toString('base64url'),
        PARLEY_OPERATOR_KEY: operatorKey,
      };
      const first = world.start(variables);
      const url = await world.urlOf(first);
      const backend = await createBackend(url);
      await backend.do('POST', '/v1/users', { id: 'alice' });
      const { id: roomId } = (await backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter' } })) as {
        id: string;
      };
      const revoked = await backend.token('alice');
      await backend.do('DELETE', '/v1/users/alice/tokens');
      const valid = await backend.token('alice');
      const jwks = await ask(url, undefined, ['GET', '/.well-known/jwks.json']);
      const alice = await backend.connectWith(valid);
      const { call, participantId } = await alice.enter('joinRoom', { roomId, media: await alice.offer() });
      await expect
        .poll(
          async () => callListSchema.parse(await backend.do('GET', '/v1/calls?state=live')).items.length,
          {
            timeout: 20_000,
          },
        )
        .toBe(1);
      const calls = async (state: string) =>
        callListSchema.parse(await backend.do('GET', `/v1/calls?state=${state}`)).items;

      await expect.poll(() => journal(call.id)).toContain(participantId);
      first.kill(signal);
      await once(first, 'exit');
      const second = world.start(variables);
      expect(await world.urlOf(second)).toBe(url);

      expect((await ask(url, undefined, ['GET', '/.well-known/jwks.json'])).body).toEqual(jwks.body);
      await expect(backend.connectWith(revoked)).rejects.toThrow(/revoked/);
      const answer = await ask(url, revoked, ['GET', '/v1/me/calls']);
      expect([answer.status, answer.body]).toMatchObject([401, { code: 'token_revoked' }]);
      expect((await ask(url, valid, ['GET', '/v1/me/calls'])).status).toBe(200);
      const again = await backend.connectWith(valid);
      const entered = await again.enter('joinRoom', { roomId, media: await again.offer() });
      expect(entered.call.id).toBe(call.id);
      await again.request('endCall', { callId: call.id });
      const ended = { endReason: 'ended_for_everyone' };
      await expect
        .poll(() => calls('ended'), { timeout: 20_000 })
        .toMatchObject([{ ...ended, id: call.id, participants: [ended, ended] }]);
      expect(await calls('live')).toEqual([]);
      second.kill('SIGTERM');
      await once(second, 'exit');
      await drop();
    });
  },
);
