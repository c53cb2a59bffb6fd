import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callListSchema } from '@parley/protocol/rest';
import { createTestDatabase } from '@parley/test-kit';
import { describe, expect, it } from 'vitest';
import { ask, createBackend, operatorKey } from './support/backend.ts';
import { freePort, mainWorld } from './support/mainProcess.ts';

const world = mainWorld();

describe('a start on the data of a run that was killed in the middle of a call', () => {
  it('knows every key, token, revocation and room, and ends the record of the call', async () => {
    const { url: databaseUrl, database, drop } = await createTestDatabase();
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
    await alice.enter('joinRoom', { roomId, media: await alice.offer() });
    await expect
      .poll(async () => callListSchema.parse(await backend.do('GET', '/v1/calls?state=live')).items.length)
      .toBe(1);
    const calls = async (state: string) =>
      callListSchema.parse(await backend.do('GET', `/v1/calls?state=${state}`)).items;

    first.kill('SIGKILL');
    await once(first, 'exit');
    // As if it had been down for an hour: nobody goes on with the calls of then, and a call is given a minute in which
    // news of it may come.
    await rm(join(world.folder, 'state'), { recursive: true, force: true });
    await database.$executeRaw`
      UPDATE "CallRecord" SET "startedAt" = "startedAt" - interval '1 hour', "connectedAt" = NULL`;
    await database.$executeRaw`
      UPDATE "ParticipantRecord" SET "joinedAt" = "joinedAt" - interval '1 hour', "connectedAt" = NULL`;
    const second = world.start(variables);
    expect(await world.urlOf(second)).toBe(url);

    expect((await ask(url, undefined, ['GET', '/.well-known/jwks.json'])).body).toEqual(jwks.body);
    await expect(backend.connectWith(revoked)).rejects.toThrow(/revoked/);
    const answer = await ask(url, revoked, ['GET', '/v1/me/calls']);
    expect([answer.status, answer.body]).toMatchObject([401, { code: 'token_revoked' }]);
    expect((await ask(url, valid, ['GET', '/v1/me/calls'])).status).toBe(200);
    const again = await backend.connectWith(valid);
    const { call } = await again.enter('joinRoom', { roomId, media: await again.offer() });
    await again.request('leaveCall', { callId: call.id });
    again.socket.disconnect();
    await expect.poll(async () => (await calls('live')).length).toBe(0);
    const [ended, lost] = await calls('ended');
    expect([ended?.endReason, lost?.endReason]).toEqual(['hangup', 'failed']);
    expect(lost?.participants).toMatchObject([{ userId: 'alice', endReason: 'failed' }]);
    second.kill('SIGTERM');
    await once(second, 'exit');
    await drop();
  });
});
