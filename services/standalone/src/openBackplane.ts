import { createMemoryBackplane, createRedisBackplane, EventSpool, type Backplane } from '@parley/backplane';
import type { Logger } from 'pino';
import type { Environment } from './environment.ts';

export interface OpenBackplaneOptions {
  readonly environment: Pick<Environment, 'PARLEY_REDIS_URL' | 'PARLEY_REDIS_PREFIX'>;
  /** Where the events of this node wait. */
  readonly eventsDir: string;
  readonly logger: Logger;
}

/**
 * The backplane: in Redis when there is one, for several processes, and otherwise in this one. Call events wait on
 * the disk until they are recorded, whatever becomes of the process.
 */
export async function openBackplane(options: OpenBackplaneOptions): Promise<Backplane> {
  const { environment, eventsDir, logger } = options;
  const { PARLEY_REDIS_URL: url, PARLEY_REDIS_PREFIX: prefix = 'parley' } = environment;
  const onError = (error: unknown): void => logger.error({ err: error }, 'backplane disturbed');
  const events = await EventSpool.open({ onError, folder: eventsDir });
  if (url === undefined) {
    return createMemoryBackplane(onError, events);
  }
  try {
    return await createRedisBackplane({ url, prefix, events, onError });
  } catch (error) {
    await events.close();
    throw error;
  }
}
