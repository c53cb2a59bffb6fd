import { describe, expect, it } from 'vitest';
import { ManagementClient, ManagementError, type ManagementClientOptions } from '../src/index.ts';
import { problem, startService, type Answer, type Service } from './support/startService.ts';

const user = {
  id: 'alice',
  kind: 'user',
  displayName: 'Alice',
  phoneNumbers: [],
  hasPassword: false,
  admin: false,
  createdAt: '2026-01-06T09:00:00.000Z',
};
const found: Answer = { status: 200, body: user };
const busy = (retryAfter: string) => problem(429, 'too_many_requests', { 'Retry-After': retryAfter });

const clientOf = ({ url }: Service, options: Partial<ManagementClientOptions> = {}) =>
  new ManagementClient({ url, key: 'sk_secret', ...options });

/** What a promise is rejected with. */
const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an error of the service', () => {
  it('is thrown with everything the problem document and the headers say', async () => {
    const errors = [{ pointer: '/displayName', detail: 'must be a string' }];
    const answer = problem(400, 'invalid_request');
    await using service = await startService(() => ({
      ...answer,
      body: { ...(answer.body as object), errors },
    }));

    const fault = await faultOf(clientOf(service).users.create());

    expect(fault).toBeInstanceOf(ManagementError);
    expect(fault).toMatchObject({
      name: 'ManagementError',
      status: 400,
      code: 'invalid_request',
      detail: 'What went wrong.',
      errors,
      retryAfterSeconds: undefined,
      requestId: '6f1f2a52-6e5e-4c2b-9a35-6f3d1f0c9f11',
    });
    expect(service.seen).toHaveLength(1);
  });

  it("is told apart from a proxy's page and from no answer at all", async () => {
    await using service = await startService(() => ({ status: 502, body: '<h1>Bad gateway</h1>' }));
    const gone = await startService(() => found);
    await gone[Symbol.asyncDispose]();

    expect(await faultOf(clientOf(service).users.get('alice'))).toMatchObject({
      status: 502,
      code: 'unexpected_answer',
    });
    expect(await faultOf(clientOf(gone, { retry: { attempts: 0 } }).users.get('alice'))).toMatchObject({
      status: 0,
      code: 'unreachable',
      detail: `The service cannot be reached at ${new URL(gone.url).host}.`,
    });
  });

  it('never holds the credential', async () => {
    await using service = await startService(() => problem(401, 'unauthenticated'));

    const fault = (await faultOf(clientOf(service).users.get('alice'))) as Error;

    expect(`${fault.stack} ${JSON.stringify(fault)}`).not.toContain('sk_secret');
  });
});

describe('a request that may succeed later', () => {
  it.each([429, 503])('is sent again after %i, once the time of Retry-After is over', async (status) => {
    const atMs: number[] = [];
    await using service = await startService((_request, index) => {
      atMs.push(performance.now());

      return index === 0 ? problem(status, 'unavailable', { 'Retry-After': '1' }) : found;
    });

    expect(await clientOf(service).users.get('alice')).toEqual(user);
    expect((atMs[1] ?? 0) - (atMs[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('is given up after as many tries as were allowed', async () => {
    await using service = await startService(() => busy('0'));

    const fault = await faultOf(clientOf(service, { retry: { attempts: 2 } }).users.get('alice'));

    expect(fault).toMatchObject({ status: 429, code: 'too_many_requests', retryAfterSeconds: 0 });
    expect(service.seen).toHaveLength(3);
  });

  it('is given up at once when the wait would be longer than allowed', async () => {
    await using service = await startService(() => busy('61'));

    const fault = await faultOf(clientOf(service).users.get('alice'));

    expect(fault).toMatchObject({ retryAfterSeconds: 61 });
    expect(service.seen).toHaveLength(1);
  });

  it('is given up when its signal is aborted meanwhile', async () => {
    const waiting = Promise.withResolvers<void>();
    await using service = await startService(() => {
      waiting.resolve();

      return busy('60');
    });
    const abort = new AbortController();

    const fault = faultOf(clientOf(service).users.get('alice', { signal: abort.signal }));
    await waiting.promise;
    abort.abort(new Error('enough'));

    expect(await fault).toEqual(new Error('enough'));
    expect(service.seen).toHaveLength(1);
  });

  it('is sent with one and the same Idempotency-Key when it creates something', async () => {
    await using service = await startService((_request, index) =>
      index % 2 === 0 ? busy('0') : { status: 201, body: user },
    );
    const client = clientOf(service);

    await client.users.create();
    await client.users.create();
    await client.users.create({}, { idempotencyKey: 'order-7' });

    const keys = service.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect([keys[1], keys[3]]).toEqual([keys[0], keys[2]]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(keys.slice(4)).toEqual(['order-7', 'order-7']);
  });

  it('is not sent again when it is a POST without an Idempotency-Key', async () => {
    await using service = await startService(() => busy('0'));

    expect(await faultOf(clientOf(service).calls.end('call-1'))).toMatchObject({ status: 429 });
    expect(service.seen).toHaveLength(1);
  });
});

describe('a request that is never answered', () => {
  it('is given up with its signal', async () => {
    const arrived = Promise.withResolvers<void>();
    await using service = await startService(() => {
      arrived.resolve();

      return undefined;
    });
    const abort = new AbortController();

    const fault = faultOf(clientOf(service).users.get('alice', { signal: abort.signal }));
    await arrived.promise;
    abort.abort();

    expect(await fault).toMatchObject({ name: 'AbortError' });
  });

  it('is given up by itself in the end', async () => {
    await using service = await startService(() => undefined);
    const client = clientOf(service, { timeoutSeconds: 0.05, retry: { attempts: 0 } });

    expect(await faultOf(client.users.get('alice'))).toMatchObject({ code: 'unreachable' });
  });
});

describe('a list', () => {
  const pageOf = (path: string): Answer => {
    const cursor = new URL(path, 'http://service').searchParams.get('cursor');
    const number = cursor === null ? 1 : Number(cursor);

    return {
      status: 200,
      body: {
        items: [
          { ...user, id: `user-${number}a` },
          { ...user, id: `user-${number}b` },
        ],
        ...(number === 3 ? {} : { nextCursor: String(number + 1) }),
      },
    };
  };

  it('is gone through item by item over all of its pages', async () => {
    await using service = await startService(({ path }) => pageOf(path));

    const ids: string[] = [];
    for await (const { id } of clientOf(service).users.list({ limit: 2, kind: 'guest' })) {
      ids.push(id);
    }

    expect(ids).toEqual(['user-1a', 'user-1b', 'user-2a', 'user-2b', 'user-3a', 'user-3b']);
    expect(service.seen.map(({ path }) => path)).toEqual([
      '/v1/users?limit=2&kind=guest',
      '/v1/users?limit=2&kind=guest&cursor=2',
      '/v1/users?limit=2&kind=guest&cursor=3',
    ]);
  });

  it('is asked for page by page, and no further than the loop goes', async () => {
    await using service = await startService(({ path }) => pageOf(path));
    const list = clientOf(service).users.list();
    expect(service.seen).toHaveLength(0);

    for await (const { items } of list.pages()) {
      expect(items).toHaveLength(2);
      break;
    }

    expect(service.seen).toHaveLength(1);
  });

  it('is given up with its signal between two pages', async () => {
    await using service = await startService(({ path }) => pageOf(path));
    const abort = new AbortController();
    const pages = clientOf(service).users.list({}, { signal: abort.signal }).pages();

    await pages.next();
    abort.abort(new Error('enough'));

    await expect(pages.next()).rejects.toThrow('enough');
    expect(service.seen).toHaveLength(1);
  });
});

describe('a client', () => {
  it.each([
    [{ key: 'sk_a' }, 'Bearer sk_a'],
    [{ key: undefined, token: 'jwt' }, 'Bearer jwt'],
    [{ key: undefined, operatorKey: 'operator' }, 'Bearer operator'],
    [{ key: undefined }, undefined],
  ])('sends the credential of %o', async (credentials, authorization) => {
    await using service = await startService(() => found);

    await clientOf(service, credentials).users.get('alice');

    expect(service.seen[0]?.headers.authorization).toBe(authorization);
  });

  it('is not made with two credentials, nor with a URL that is none', () => {
    expect(() => new ManagementClient({ url: 'http://a', key: 'sk_', token: 'jwt' })).toThrow(TypeError);
    expect(() => new ManagementClient({ url: 'calls.example' })).toThrow(TypeError);
    expect(() => new ManagementClient({ url: 'ftp://calls.example' })).toThrow(TypeError);
  });

  it.each([undefined, ''])('says that the URL is missing when the environment has none: %o', (url) => {
    expect(() => new ManagementClient({ url: url as string })).toThrow(/^The option url is missing/);
  });

  it('does not repeat a key that was given for the URL', () => {
    expect(() => new ManagementClient({ url: 'sk_secret' })).toThrow(/^The option url is no URL(?!.*secret)/);
  });

  it('keeps the path of a service that lies below one, and follows no redirect', async () => {
    await using service = await startService(() => ({
      status: 307,
      headers: { Location: 'http://127.0.0.1:1/' },
    }));
    const client = new ManagementClient({
      url: `${service.url}/parley/`,
      key: 'sk_',
      retry: { attempts: 0 },
    });

    expect(await faultOf(client.users.get('alice'))).toMatchObject({ code: 'unreachable' });
    expect(service.seen[0]?.path).toBe('/parley/v1/users/alice');
  });

  it.each(['', '.', '..'])('refuses %o for an id, which would lead elsewhere', async (id) => {
    await using service = await startService(() => found);

    expect(() => clientOf(service).users.delete(id)).toThrow(TypeError);
    expect(service.seen).toHaveLength(0);
  });
});
