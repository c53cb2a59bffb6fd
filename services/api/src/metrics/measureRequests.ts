import type { RequestHandler, Response } from 'express';
import type { ApiMetrics } from './ApiMetrics.ts';

const operationKey = 'operation';

/** Says which operation the response is the answer of. */
export function nameOperation(response: Response, operation: string): void {
  response.locals[operationKey] = operation;
}

/** The operation that the response answers; `other` for what is none. */
export function operationOf(response: Response): string {
  const operation: unknown = response.locals[operationKey];

  return typeof operation === 'string' ? operation : 'other';
}

/** Measures every answer under the name of its operation, never under its path, of which there are too many. */
export function measureRequests(metrics: ApiMetrics): RequestHandler {
  return (_request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      metrics.answered({
        operation: operationOf(response),
        status: response.writableFinished ? response.statusCode : 'aborted',
        seconds: (performance.now() - startedAt) / 1000,
      });
    });

    next();
  };
}
