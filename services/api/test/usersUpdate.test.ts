import { userSchema } from '@parley/protocol/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';
import { userRequests } from './userRequests.ts';

let api: TestApi;
let mine: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  mine = await api.createApplication();
});
afterAll(() => api.close());

const withKey = (key = mine.key) => userRequests(api, key);
const post = (body: object, key?: string) => withKey(key).post(body);
const patch = (id: string, body: object, key?: string) => withKey(key).patch(id, body);
const get = (path: string, key?: string) => withKey(key).get(path);

describe('PATCH /v1/users/{id}', () => {
  it('changes what is named and leaves the rest, and the sfu knows before the answer', async () => {
    await post({ id: 'dora', displayName: 'Dora', phoneNumbers: ['+15550140'], metadata: { a: 1 } });

    const answer = await patch('dora', { phoneNumbers: ['+15550141'], metadata: { c: 3 } });

    expect(answer.status).toBe(200);
    expect(userSchema.strict().parse(answer.body)).toMatchObject({
      displayName: 'Dora',
      phoneNumbers: ['+15550141'],
      metadata: { a: 1, c: 3 },
    });
    expect(answer.body).toEqual((await get('/v1/users/dora')).body);
    const { applicationId } = mine;
    expect(await api.admission.userOfNumber(applicationId, '+15550140')).toBeUndefined();
    expect((await api.admission.userOfNumber(applicationId, '+15550141'))?.displayName).toBe('Dora');
    await patch('dora', { displayName: 'Dorothea' });
    expect((await api.admission.user(applicationId, 'dora'))?.displayName).toBe('Dorothea');
  });

  it('merges metadata at every depth, where null removes and lists are replaced', async () => {
    const metadata = { desk: { floor: 3, seat: 'a' }, languages: ['en', 'de'], note: 'old', gone: true };
    await post({ id: 'merged', metadata });

    const answer = await patch('merged', {
      metadata: {
        desk: { seat: null, phone: '7' },
        languages: ['fr', null],
        note: { text: 'new', none: null },
        gone: null,
      },
    });

    const result = { desk: { floor: 3, phone: '7' }, languages: ['fr', null], note: { text: 'new' } };
    expect([answer.status, answer.body.metadata]).toEqual([200, result]);
    expect((await get('/v1/users/merged')).body.metadata).toEqual(result);
    expect((await patch('merged', { metadata: null })).body).not.toHaveProperty('metadata');
    expect((await patch('merged', { metadata: { a: { b: null, c: 1 } } })).body.metadata).toEqual({
      a: { c: 1 },
    });
  });

  it('judges metadata as it is after the patch, and keeps the old when that is too much', async () => {
    const metadata = { first: 'x'.repeat(3_000) };
    await post({ id: 'hoarder', metadata });
    const second = 'y'.repeat(3_000);

    const tooMuch = await patch('hoarder', { metadata: { second } });

    expect([tooMuch.status, tooMuch.body.code, tooMuch.body.errors[0].pointer]).toEqual([
      400,
      'invalid_request',
      '/metadata',
    ]);
    expect((await get('/v1/users/hoarder')).body.metadata).toEqual(metadata);
    const swapped = await patch('hoarder', { metadata: { first: null, second } });
    expect([swapped.status, swapped.body.metadata]).toEqual([200, { second }]);
    const unkept = await patch('hoarder', { metadata: { text: '\ud800' } });
    expect([unkept.status, unkept.body.errors[0].pointer]).toEqual([400, '/metadata']);
  });

  it('loses no part of metadata to a patch that comes at the same time', async () => {
    await post({ id: 'contested' });
    const keys = ['a', 'b', 'c', 'd', 'e'];

    await Promise.all(keys.map((key) => patch('contested', { metadata: { [key]: true } })));

    expect(Object.keys((await get('/v1/users/contested')).body.metadata)).toEqual(keys);
  });

  it('takes null for what is to go, and the name becomes the id', async () => {
    await post({
      id: 'bare-soon',
      displayName: 'Full',
      email: 'full@example.org',
      phoneNumbers: ['+15550150'],
      metadata: { a: 1 },
      password: 'correct horse',
    });

    const { status, body } = await patch('bare-soon', {
      displayName: null,
      email: null,
      phoneNumbers: null,
      metadata: null,
      password: null,
      admin: null,
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'bare-soon',
      kind: 'user',
      displayName: 'bare-soon',
      phoneNumbers: [],
      hasPassword: false,
      admin: false,
      createdAt: expect.any(String),
    });
  });

  it('leaves nobody with a password and no address to sign in with', async () => {
    await post({ id: 'signer', email: 'signer@example.org', password: 'correct horse' });
    await post({ id: 'nameless' });

    const [withoutEmail, withoutAddress] = [
      await patch('signer', { email: null }),
      await patch('nameless', { password: 'correct horse' }),
    ];

    expect([withoutEmail.status, withoutEmail.body.errors[0].pointer]).toEqual([400, '/email']);
    expect([withoutAddress.status, withoutAddress.body.errors[0].pointer]).toEqual([400, '/password']);
    expect((await get('/v1/users/signer')).body).toMatchObject({ email: 'signer@example.org' });
  });

  it('says what is taken by somebody else, and changes nothing then', async () => {
    await post({ id: 'holder', email: 'holder@example.org', phoneNumbers: ['+15550160'] });
    await post({ id: 'wisher', displayName: 'Wisher' });

    const answers = [
      await patch('wisher', { displayName: 'x', email: 'holder@example.org' }),
      await patch('wisher', { displayName: 'x', phoneNumbers: ['+15550160'] }),
    ];

    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual([
      [409, 'Another user has this e-mail address.'],
      [409, 'Another user has one of these telephone numbers.'],
    ]);
    expect((await get('/v1/users/wisher')).body).toMatchObject({ displayName: 'Wisher', phoneNumbers: [] });
  });

  it('ends the sign-ins of a user whose password or rank changes, and only then', async () => {
    const { applicationId } = mine;
    const adminKey = await mine.keyWith(['provision', 'admin']);
    await post({ id: 'ranked', email: 'ranked@example.org', password: 'correct horse' });
    const changes = [
      [{ displayName: 'Ranked' }, false],
      [{ admin: false }, false],
      [{ password: 'battery staple' }, true],
      [{ admin: true }, true],
      [{ admin: null }, true],
    ] as const;

    for (const [index, [change, ends]] of changes.entries()) {
      const grantId = `sign-in-${index}`;
      const issuedAtMs = Date.now();
      await api.database.refreshGrant.create({
        data: {
          id: grantId,
          applicationId,
          userId: 'ranked',
          clientId: 'pk_test',
          scope: 'calls',
          expiresAt: new Date(issuedAtMs + 60_000),
        },
      });

      expect((await patch('ranked', change, adminKey)).status).toBe(200);

      const grant = await api.database.refreshGrant.findUnique({ where: { id: grantId } });
      expect([change, grant?.revokedAt !== null]).toEqual([change, ends]);
      const token = { applicationId, userId: 'ranked', issuedAtMs };
      expect(api.admission.isRevoked({ ...token, grantId })).toBe(ends);
      expect(api.admission.isRevoked({ ...token, grantId: 'of the backend' })).toBe(false);
    }
  });

  it('does not find a user there is not', async () => {
    expect((await patch('nobody', { displayName: 'x' })).status).toBe(404);
  });
});
