import { limitsWith, type Limits } from '@parley/protocol';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    addressRequestsPerMinute: 5,
    trustedProxies: ['127.0.0.1', '::ffff:127.0.0.1'],
  });
});
afterAll(() => api.close());

let addresses = 0;
/** An address that nothing was counted for yet. */
const freshAddress = (): string => `192.0.2.${(addresses += 1)}`;

const get = (path: string, credential?: string, address = freshAddress()) =>
  request(api.app)
    .get(path)
    .set({ 'X-Forwarded-For': address, ...(credential === undefined ? {} : { Authorization: credential }) });

/** What an answer says of its limit: the window, how much is left of how much. */
function limitOf({ headers }: Response): { window: string; quota: number; left: number } {
  const [, window = '', quota] = /^"(\w+)";q=(\d+);w=\d+$/.exec(String(headers['ratelimit-policy'])) ?? [];
  const [, left] = new RegExp(`^"${window}";r=(\\d+);t=\\d+$`).exec(String(headers['ratelimit'])) ?? [];

  return { window, quota: Number(quota), left: Number(left) };
}

function expectRefusal(answer: Response): void {
  expect([answer.status, answer.body.code]).toEqual([429, 'too_many_requests']);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(limitOf(answer).left).toBe(0);
}

describe('requests with an API key', () => {
  it('are counted for the key, and every answer says what is left', async () => {
    const { key, keyWith } = await api.createApplication({ requestsPerMinute: 3 });
    const other = await keyWith(['provision']);

    for (const left of [2, 1, 0]) {
      const answer = await get('/v1/users', key);
      expect([answer.status, limitOf(answer)]).toEqual([200, { window: 'requests', quota: 3, left }]);
    }
    expectRefusal(await get('/v1/users', key));
    expect((await get('/v1/users', other)).status).toBe(200);
  });

  it('are let through again as soon as the operator raises the limit', async () => {
    const { key, applicationId } = await api.createApplication({ requestsPerMinute: 1 });
    await get('/v1/users', key);
    expectRefusal(await get('/v1/users', key));

    const raised = await request(api.app)
      .patch(`/v1/applications/${applicationId}`)
      .set('Authorization', api.operatorKey)
      .send({ limits: { requestsPerMinute: 10 } });

    expect(raised.body.limits).toEqual(limitsWith({ requestsPerMinute: 10 }));
    const answer = await get('/v1/users', key);
    expect([answer.status, limitOf(answer).quota]).toEqual([200, 10]);
  });
});

describe('refused requests', () => {
  it('of a key that lacks the right are counted as well', async () => {
    const { keyWith } = await api.createApplication({ requestsPerMinute: 1 });
    const key = await keyWith(['anonymous']);

    expect((await get('/v1/users', key)).status).toBe(403);
    expectRefusal(await get('/v1/users', key));
  });
});

describe('requests with the operator key', () => {
  it('are counted too', async () => {
    const strict = await startTestApi({ operatorRequestsPerMinute: 1 });
    const list = () => request(strict.app).get('/v1/applications').set('Authorization', strict.operatorKey);

    expect((await list()).status).toBe(200);
    expectRefusal(await list());
    await strict.close();
  });
});

describe("requests with a user's token", () => {
  it('are counted for the user, whatever the token and the address', async () => {
    const { key } = await api.createApplication({ userRequestsPerMinute: 2 });
    await request(api.app).post('/v1/users').set('Authorization', key).send({ id: 'alice' });
    const token = async () => {
      const { body } = await request(api.app)
        .post('/v1/users/alice/tokens')
        .set('Authorization', key)
        .send({});

      return `Bearer ${body.token}`;
    };

    expect(limitOf(await get('/v1/me/calls', await token()))).toEqual({
      window: 'userRequests',
      quota: 2,
      left: 1,
    });
    expect((await get('/v1/me/calls', await token())).status).toBe(200);
    expectRefusal(await get('/v1/me/calls', await token()));
  });
});

describe('requests without a valid credential', () => {
  it.each([
    ['none', undefined],
    ['an unknown key', `Bearer sk_${'a'.repeat(16)}${'b'.repeat(43)}`],
    ['no token', 'Bearer nonsense'],
  ])('are counted for their address, with %s', async (_case, credential) => {
    const address = freshAddress();

    for (const left of [4, 3, 2, 1, 0]) {
      const answer = await get('/v1/users', credential, address);
      expect([answer.status, limitOf(answer)]).toEqual([401, { window: 'address', quota: 5, left }]);
    }
    expectRefusal(await get('/v1/users', credential, address));
    expect((await get('/v1/users', credential)).status).toBe(401);
  });

  it('take nothing from a backend behind the same address', async () => {
    const { key } = await api.createApplication();
    const address = freshAddress();
    for (let asked = 0; asked < 6; asked += 1) {
      await get('/v1/users', undefined, address);
    }

    expect((await get('/v1/users', key, address)).status).toBe(200);
  });

  it('are counted for a whole network of IPv6, which one subscriber has to themselves', async () => {
    for (let host = 1; host <= 5; host += 1) {
      expect((await get('/v1/users', undefined, `2001:db8:1:2::${host}`)).status).toBe(401);
    }
    expectRefusal(await get('/v1/users', undefined, '2001:db8:1:2:ffff::1'));
    expect((await get('/v1/users', undefined, '2001:db8:1:3::1')).status).toBe(401);
  });
});

describe('visitors', () => {
  async function guestLink(limits: Partial<Limits>): Promise<string> {
    const { key } = await api.createApplication(limits);
    const post = (path: string) => request(api.app).post(path).set('Authorization', key).send({});
    const room = await post('/v1/rooms');
    const { body } = await post(`/v1/rooms/${room.body.id}/guest-links`);

    return new URL(body.url).hash.slice(1);
  }
  const enter = (code: string, address: string) =>
    request(api.app)
      .post('/v1/guest-sessions')
      .set('X-Forwarded-For', address)
      .send({ code, displayName: 'Visitor' });

  it('are counted for their address by the limit of the application they come to', async () => {
    const [small, large] = [await guestLink({ visitorsPerMinute: 1 }), await guestLink({})];
    const address = freshAddress();

    const first = await enter(small, address);
    expect([first.status, limitOf(first)]).toEqual([201, { window: 'visitors', quota: 1, left: 0 }]);
    expectRefusal(await enter(small, address));
    expect((await enter(large, address)).status).toBe(201);
    expect((await enter(small, freshAddress())).status).toBe(201);
  });
});

describe('the client of a request', () => {
  it('is who the connection comes from, whatever the header says, when that is no trusted proxy', async () => {
    const plain = await startTestApi({ addressRequestsPerMinute: 2 });
    const ask = (address: string) => request(plain.app).get('/v1/users').set('X-Forwarded-For', address);

    await ask('192.0.2.1');
    await ask('192.0.2.2');

    expectRefusal(await ask('192.0.2.3'));
    await plain.close();
  });
});
