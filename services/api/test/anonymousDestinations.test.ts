import { anonymousDestinationsSchema, problemSchema } from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestApplication } from './testApi.ts';

const path = '/v1/anonymous-destinations';

let api: TestApi;
let mine: TestApplication;
let theirs: TestApplication;

beforeAll(async () => {
  api = await startTestApi();
  [mine, theirs] = [await api.createApplication(), await api.createApplication()];
  const { applicationId } = mine;
  await api.database.user.createMany({
    data: [
      { applicationId, id: 'bob', displayName: 'Bob' },
      { applicationId, id: 'carol', displayName: 'Carol' },
      { applicationId, id: 'visitor', displayName: 'Visitor', kind: 'anonymous' },
    ],
  });
});
afterAll(() => api.close());

const put = (destinations: unknown, { key }: TestApplication = mine) =>
  request(api.app).put(path).set('Authorization', key).send({ destinations });
const get = async ({ key }: TestApplication = mine) =>
  anonymousDestinationsSchema.parse((await request(api.app).get(path).set('Authorization', key)).body)
    .destinations;
const published = async ({ applicationId }: TestApplication = mine) =>
  (await api.admission.application(applicationId))?.anonymousDestinations;

describe('/v1/anonymous-destinations', () => {
  it('is an empty list at first', async () => {
    expect(await get(await api.createApplication())).toEqual([]);
  });

  it('takes users and E.164 numbers in the place of those before, and the sfu knows before the answer', async () => {
    expect((await put(['carol'])).status).toBe(200);

    const answer = await put(['bob', '+4930123456']);

    expect([answer.status, answer.body]).toEqual([200, { destinations: ['bob', '+4930123456'] }]);
    expect(await get()).toEqual(['bob', '+4930123456']);
    expect(await published()).toEqual(['bob', '+4930123456']);
    expect([await get(theirs), await published(theirs)]).toEqual([[], []]);
  });

  it('is emptied by DELETE', async () => {
    await put(['bob']);

    const answer = await request(api.app).delete(path).set('Authorization', mine.key);

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect([await get(), await published()]).toEqual([[], []]);
  });

  it.each([
    ['a user there is not', ['bob', 'nobody'], '/destinations/1'],
    ['one who cannot be called', ['visitor'], '/destinations/0'],
    ['a number that is none', ['+123456789012345678'], '/destinations/0'],
    ['one twice', ['bob', 'bob'], '/destinations'],
    ['no list', 'bob', '/destinations'],
  ])('refuses %s, and keeps the list', async (_case, destinations, pointer) => {
    await put(['carol']);

    const answer = await put(destinations);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(problemSchema.parse(answer.body).errors?.map((fault) => fault.pointer)).toEqual([pointer]);
    expect([await get(), await published()]).toEqual([['carol'], ['carol']]);
  });

  it("does not know a neighbour's user", async () => {
    const answer = await put(['bob'], theirs);

    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    expect(await get(theirs)).toEqual([]);
  });

  it('forgets a user who is deleted, so that whoever gets the id next is not called by strangers', async () => {
    await api.database.user.create({
      data: { applicationId: mine.applicationId, id: 'dave', displayName: 'Dave' },
    });
    await put(['dave', 'bob']);

    await request(api.app).delete('/v1/users/dave').set('Authorization', mine.key);

    expect([await get(), await published()]).toEqual([['bob'], ['bob']]);
  });
});
