import { randomUUID } from 'node:crypto';
import type { Clock } from '@parley/kit';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** Names the request in the answer, in problem documents and in the log. */
export const requestIdHeader = 'X-Request-Id';

/**
 * One line per answered request. The query, the headers and the bodies stay out of it, for they hold secrets;
 * no route has one in its path.
 */
export function accessLog(logger: Logger, clock: Clock): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const startedAt = clock.now();
    const { method, path } = request;
    response.set(requestIdHeader, requestId);
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 'aborted';
      logger.info({ requestId, method, path, status, durationMs: clock.now() - startedAt }, 'request');
    });

    next();
  };
}
