import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './testApi.ts';

/** A TCP relay before the database, which can be cut and joined again. */
class Relay {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #target: URL | undefined;

  async join(): Promise<void> {
    this.#server = createServer((client) => {
      const upstream = connect(Number(this.#target?.port), this.#target?.hostname ?? '');
      client.pipe(upstream).pipe(client);
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => {});
        one.once('close', () => other.destroy());
      }
    }).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  urlTo(url: string): string {
    this.#target = new URL(url);
    const relayed = new URL(url);
    relayed.port = String(this.#port);

    return relayed.href;
  }

  async cut(): Promise<void> {
    const closed = this.#server === undefined ? undefined : once(this.#server, 'close');
    this.#server?.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }
}

let api: TestApi;
afterEach(() => api.close());

describe('GET /healthz and /readyz', () => {
  it('tell a process that answers from a service that can work', async () => {
    let isSfuReady = false;
    api = await startTestApi({ isReady: () => isSfuReady });
    const get = (path: string) => request(api.app).get(path);

    expect([(await get('/healthz')).status, (await get('/healthz')).body]).toEqual([200, { status: 'ok' }]);
    const early = await get('/readyz');
    expect([early.status, early.body.detail]).toEqual([503, 'The media service is not ready.']);

    isSfuReady = true;
    expect([(await get('/readyz')).status, (await get('/readyz')).body]).toEqual([200, { status: 'ready' }]);

    await api.database.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now()`;
    const behind = await get('/readyz');
    expect([behind.status, behind.body.detail]).toEqual([503, 'The database lacks migrations.']);
  });
});

describe('without its database', () => {
  it('says so at once, keeps publishing its keys, and recovers by itself', async () => {
    const relay = new Relay();
    await relay.join();
    api = await startTestApi({ reachDatabase: (url) => relay.urlTo(url) });
    const { key } = await api.createApplication();
    const get = (path: string) => request(api.app).get(path).set('Authorization', key);
    expect((await get('/v1/users')).status).toBe(200);

    await relay.cut();
    const startedAt = performance.now();
    // The pool has connections that do not know yet, so ask more often than it has.
    for (let asked = 0; asked < 12; asked += 1) {
      const answer = await get('/v1/users');
      expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([
        503,
        'unavailable',
        '5',
      ]);
    }
    expect((performance.now() - startedAt) / 12).toBeLessThan(2_000);
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/.well-known/jwks.json')).body.keys).toHaveLength(1);
    const form = { grant_type: 'password', client_id: 'pk_x', username: 'a', password: 'b' };
    const signIn = await request(api.app).post('/v1/oauth/token').type('form').send(form);
    expect([signIn.status, signIn.body.error]).toEqual([503, 'temporarily_unavailable']);

    await relay.join();
    expect((await get('/v1/users')).status).toBe(200);
    await api.database.$disconnect();
    await relay.cut();
  });
});

describe('close()', () => {
  it('finishes the answer under way, refuses the next, and may be called twice', async () => {
    const gate = Promise.withResolvers<boolean>();
    const asked = Promise.withResolvers<void>();
    api = await startTestApi({
      isReady: () => {
        asked.resolve();

        return gate.promise;
      },
    });
    const server = api.app.listen(0);
    const underWay = request(server)
      .get('/readyz')
      .then((answer) => answer);
    await asked.promise;

    let isClosed = false;
    const closing = Promise.all([api.api.close(), api.api.close()]).then(() => (isClosed = true));
    const refused = await request(server).get('/healthz');

    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(isClosed).toBe(false);
    gate.resolve(true);
    expect((await underWay).status).toBe(200);
    await closing;
    server.close();
  });
});
