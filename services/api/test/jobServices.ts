import { randomBytes } from 'node:crypto';
import { createMemoryBackplane } from '@parley/backplane';
import { systemClock, type Clock } from '@parley/kit';
import { createTestDatabase } from '@parley/test-kit';
import { pino } from 'pino';
import type { JobServices } from '../src/index.ts';
import { Vault } from '../src/security/Vault.ts';
import { SigningKeys } from '../src/signingKeys/SigningKeys.ts';

export const applicationId = 'app';

/** What jobs work with, on a database with one application. */
export interface TestJobServices extends JobServices {
  readonly databaseUrl: string;
  readonly vault: Vault;
  close(): Promise<void>;
}

export async function createJobServices(clock: Clock = systemClock): Promise<TestJobServices> {
  const { url, database, drop } = await createTestDatabase();
  await database.application.create({ data: { id: applicationId, name: 'Test', publicKey: 'pk_test' } });
  const vault = new Vault(randomBytes(32));
  const { admission } = createMemoryBackplane(() => undefined);
  const signingKeys = await SigningKeys.open({ database, vault, clock, admission, onError: () => undefined });

  return {
    databaseUrl: url,
    database,
    clock,
    vault,
    signingKeys,
    logger: pino({ level: 'silent' }),
    async close() {
      await signingKeys.close();
      await drop();
    },
  };
}
