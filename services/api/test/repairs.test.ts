import { createMemoryBackplane, type Admission, type Backplane } from '@parley/backplane';
import { systemClock } from '@parley/kit';
import { createTestDatabase, type TestDatabase } from '@parley/test-kit';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Repairs } from '../src/admission/Repairs.ts';

const applicationId = 'app';
const user = (id: string) => ({ kind: 'user', applicationId, id }) as const;

let testDatabase: TestDatabase;
let backplane: Backplane;
let admission: Admission;
let repairs: Repairs;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  await database.application.create({ data: { id: applicationId, name: 'Test', publicKey: 'pk_test' } });
  backplane = createMemoryBackplane(() => undefined);
  admission = backplane.admission;
  repairs = new Repairs({
    database,
    backplane,
    signingKeys: { reload: async () => undefined },
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await repairs.close();
  await testDatabase.drop();
});

/** Puts users on the backplane whom the database does not know. */
async function putGhosts(ids: readonly string[]): Promise<void> {
  for (const userId of ids) {
    await admission.putUser({ applicationId, userId, displayName: userId, phoneNumbers: [] });
  }
}

describe('repairs', () => {
  it('are not held up by one that always fails', async () => {
    await putGhosts(['first', 'broken', 'last']);
    const remove = admission.removeUser.bind(admission);
    let isBroken = true;
    vi.spyOn(admission, 'removeUser').mockImplementation(async (id, userId) => {
      if (userId === 'broken' && isBroken) {
        throw new Error('broken');
      }
      await remove(id, userId);
    });

    repairs.add(['first', 'broken', 'last'].map(user));

    await vi.waitFor(async () => expect(await admission.userIds(applicationId)).toEqual(['broken']), 5_000);
    isBroken = false;
    await vi.waitFor(async () => expect(await admission.userIds(applicationId)).toEqual([]), 10_000);
  });

  it('of more than can be remembered are those of everything', async () => {
    const told = Array.from({ length: 10_001 }, (_, n) => `many-${n}`);
    // Of this one nothing was said: only a comparison of everything finds it.
    await putGhosts(['unmentioned']);

    repairs.add(told.map(user));

    await vi.waitFor(async () => expect(await admission.userIds(applicationId)).toEqual([]), 10_000);
  });

  it('that are under way when they are closed come to an end, and no others begin', async () => {
    await putGhosts(['first', 'second']);
    const [reached, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const remove = admission.removeUser.bind(admission);
    vi.spyOn(admission, 'removeUser').mockImplementation(async (...ids) => {
      reached.resolve();
      await release.promise;
      await remove(...ids);
    });
    repairs.add(['first', 'second'].map(user));
    await reached.promise;

    const closing = repairs.close();
    repairs.add([user('second')]);
    release.resolve();
    await closing;

    expect(await admission.userIds(applicationId)).toEqual(['second']);
  });
});
