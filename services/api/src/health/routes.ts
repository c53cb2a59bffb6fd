import type { Backplane } from '@parley/backplane';
import { createMigrationCheck, type Database } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { Status } from '@parley/protocol/rest';
import { Router } from 'express';
import { sendJson } from '../requests/sendJson.ts';

export interface Readiness {
  readonly database: Database;
  readonly backplane: Pick<Backplane, 'isUp'>;
  /** Whether the parts outside the api, such as the sfu, can do their work. */
  readonly isReady: () => boolean | Promise<boolean>;
}

/**
 * `GET /healthz`: the process answers. `GET /readyz`: it can hold calls, and people can be sent to it.
 * `GET /readyz/api`: what all processes share is there as well. With one answer for both a database that is away would
 * take every process out of service, signaling included, which does not need it.
 */
export function healthRoutes({ database, backplane, isReady }: Readiness): Router {
  const router = Router();
  const isMigrated = createMigrationCheck(database);
  let checking: Promise<void> | undefined;

  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store');
    sendJson(response, { status: 'ok' } satisfies Status);
  });

  router.get('/readyz', async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    if (!(await isReady())) {
      throw notReady('The media service is not ready.');
    }
    sendJson(response, { status: 'ready' } satisfies Status);
  });

  router.get('/readyz/api', async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    // Anybody may ask, so one look at the database answers all who ask at the time.
    checking ??= check().finally(() => {
      checking = undefined;
    });
    await checking;
    sendJson(response, { status: 'ready' } satisfies Status);
  });

  return router;

  async function check(): Promise<void> {
    if (!backplane.isUp) {
      throw notReady('The backplane is away.');
    }
    if (!(await isMigrated())) {
      throw notReady('The database lacks migrations.');
    }
  }
}

function notReady(detail: string): ProtocolError {
  return new ProtocolError('unavailable', detail, { retryAfterSeconds: 1 });
}
