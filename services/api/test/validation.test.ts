import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
let key: string;

beforeAll(async () => {
  api = await startTestApi();
  ({ key } = await api.createApplication());
});
afterAll(() => api.close());

const allowed = 'which holds only a-z A-Z 0-9 . _ : @ + - and is neither . nor ..';

/** Body to faults, each a pointer and what stands behind it. */
type Case = [path: string, body: object, faults: Record<string, string>];

describe('a body that does not match is told, field by field', () => {
  it.each<Case>([
    ['/v1/sessions', {}, { '/accessToken': 'is missing' }],
    ['/v1/users', { id: 'a b' }, { '/id': `is no user id, ${allowed}` }],
    ['/v1/users', { id: '..' }, { '/id': `is no user id, ${allowed}` }],
    ['/v1/users', { id: 'x'.repeat(257) }, { '/id': 'must have at most 256 characters' }],
    ['/v1/users', { bogus: 1, other: 2 }, { '/bogus': 'is no known field', '/other': 'is no known field' }],
    [
      '/v1/users',
      { email: 'alice', admin: 'yes' },
      { '/email': 'must be an e-mail address', '/admin': 'must be true or false' },
    ],
    [
      '/v1/users',
      { phoneNumbers: ['5551234'] },
      { '/phoneNumbers/0': 'must be an E.164 number such as +15551234567' },
    ],
    [
      '/v1/users',
      { displayName: 5, metadata: 5 },
      { '/displayName': 'must be a string', '/metadata': 'must be an object' },
    ],
    [
      '/v1/users',
      { email: 'a@b.example', password: 'short' },
      { '/password': 'must have at least 8 characters' },
    ],
    ['/v1/users', [], { '': 'must be an object' }],
    [
      '/v1/rooms',
      { roster: { 'a b': 'presenter', bob: 'boss' } },
      {
        '/roster/a b': `is no user id, ${allowed}`,
        '/roster/bob': 'must be one of presenter, collaborator, attendee, consumer',
      },
    ],
    [
      '/v1/rooms',
      { maxParticipants: 1_001, validFrom: 'soon' },
      {
        '/maxParticipants': 'must be at most 1000',
        '/validFrom': 'must be a date and time such as 2026-01-31T09:00:00Z',
      },
    ],
    [
      '/v1/rooms',
      { maxParticipants: 1.5, name: '' },
      {
        '/maxParticipants': 'must be a whole number',
        '/name': 'must have at least 1 character',
      },
    ],
  ])('%s %j', async (path, body, faults) => {
    const answer = await request(api.app).post(path).set('Authorization', key).send(body);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(faultsIn(answer.body)).toEqual(faults);
  });

  it('also of the destinations of anonymous users', async () => {
    const answer = await request(api.app)
      .put('/v1/anonymous-destinations')
      .set('Authorization', key)
      .send({ destinations: ['+1 555 123 4567'] });

    expect(faultsIn(answer.body)).toEqual({
      '/destinations/0': 'is neither a user id nor an E.164 number such as +15551234567',
    });
  });
});

describe('a query that does not match is told, parameter by parameter', () => {
  it.each([
    ['page=2', { '/page': 'is no parameter of this query' }],
    ['limit=0', { '/limit': 'must be at least 1' }],
    [
      'limit=many&kind=robot',
      { '/limit': 'must be a number', '/kind': 'must be one of user, anonymous, guest' },
    ],
  ])('?%s', async (query, faults) => {
    const answer = await request(api.app).get(`/v1/users?${query}`).set('Authorization', key);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(faultsIn(answer.body)).toEqual(faults);
  });
});

function faultsIn(problem: { errors?: { pointer: string; detail: string }[] }): Record<string, string> {
  return Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer, detail]));
}
