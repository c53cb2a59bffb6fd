import { createTestDatabase } from '@parley/test-kit';
import { expect, it } from 'vitest';
import { createDatabase } from '../src/index.ts';

it('means the same moment as the server, whatever time zone that has and whatever options the URL', async () => {
  const { url, database, drop } = await createTestDatabase();
  const name = new URL(url).pathname.slice(1);
  await database.$executeRawUnsafe(`ALTER DATABASE "${name}" SET timezone TO 'Pacific/Kiritimati'`);
  const moment = new Date('2026-05-01T23:30:00.000Z');
  const withOptions = new URL(url);
  withOptions.searchParams.set('options', '-c application_name=own');

  for (const databaseUrl of [url, withOptions.href]) {
    const again = createDatabase(databaseUrl);
    const [row] = await again.$queryRaw<object[]>`
      SELECT ${moment} = TIMESTAMPTZ '2026-05-01 23:30:00Z' AS "isWritten",
        TIMESTAMPTZ '2026-05-01 23:30:00Z' AS read,
        current_setting('application_name') = 'own' AS "hasOptions"`;
    await again.$disconnect();

    expect(row).toEqual({ isWritten: true, read: moment, hasOptions: databaseUrl === withOptions.href });
  }
  await drop();
});
