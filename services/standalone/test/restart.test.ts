import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { callListSchema } from '@parley/protocol/rest';
import { describe, expect, it } from 'vitest';
import { ask, createBackend, operatorKey } from './support/backend.ts';
import { freePort, mainWorld } from './support/mainProcess.ts';

const world = mainWorld();

describe('a start on the data of a run that was killed in the middle of a call', () => {
  it('knows every key, token, revocation and room', async () => {
    const variables = { PORT: String(await freePort()), PARLEY_OPERATOR_KEY: operatorKey };
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
    await alice.request('joinRoom', { roomId, media: await alice.offer() });
    await expect
      .poll(async () => callListSchema.parse(await backend.do('GET', '/v1/calls?state=live')).items.length)
      .toBe(1);
    expect((await stat(join(world.folder, 'data', 'master.key'))).mode & 0o777).toBe(0o600);

    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = world.start(variables);
    expect(await world.urlOf(second)).toBe(url);

    expect((await ask(url, undefined, ['GET', '/.well-known/jwks.json'])).body).toEqual(jwks.body);
    await expect(backend.connectWith(revoked)).rejects.toThrow(/revoked/);
    const answer = await ask(url, revoked, ['GET', '/v1/me/calls']);
    expect([answer.status, answer.body]).toMatchObject([401, { code: 'token_revoked' }]);
    expect((await ask(url, valid, ['GET', '/v1/me/calls'])).status).toBe(200);
    const again = await backend.connectWith(valid);
    await again.request('joinRoom', { roomId, media: await again.offer() });
    again.socket.disconnect();
    second.kill('SIGTERM');
    await once(second, 'exit');
  });
});
