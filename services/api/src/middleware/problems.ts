import { errorTable, ProtocolError } from '@parley/protocol';
import type { Problem } from '@parley/protocol/rest';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { ApiMetrics } from '../metrics/ApiMetrics.ts';
import { InvalidRequestError } from '../requests/parse.ts';
import { sendJson } from '../requests/sendJson.ts';
import { toProtocolError } from '../requests/toProtocolError.ts';
import { requestIdHeader } from './accessLog.ts';

/** The last route: whatever came this far does not exist. */
export const nothingHere: RequestHandler = (request) => {
  throw new ProtocolError('not_found', `There is no ${request.method} ${request.path}.`);
};

/** Turns what was thrown into a problem document (RFC 9457). */
export function problemHandler(logger: Logger, metrics: ApiMetrics): ErrorRequestHandler {
  return (thrown: unknown, _request, response, next) => {
    const error = toProtocolError(thrown);
    logFault(logger, error, response);
    metrics.refused(error.code);
    if (response.headersSent) {
      // Too late for another answer: Express cuts the connection, so that nobody takes a part for the whole.
      next(thrown);

      return;
    }
    setErrorHeaders(response, error);
    response.status(errorTable[error.code].status);
    sendJson(response, toProblem(error, response.get(requestIdHeader)), 'application/problem+json');
  };
}

/** What every error answer says in its headers, whatever the shape of its body. */
export function setErrorHeaders(response: Response, error: ProtocolError): void {
  if (error.retryAfterSeconds !== undefined) {
    response.set('Retry-After', String(error.retryAfterSeconds));
  }
  if (error.code === 'unauthenticated') {
    response.set('WWW-Authenticate', 'Bearer');
  }
}

/** Faults of the service, with their cause, for its operator; what callers do wrong is no news. */
export function logFault(logger: Logger, error: ProtocolError, response: Response): void {
  if (errorTable[error.code].status >= 500) {
    const requestId = response.get(requestIdHeader);
    // Stacks only: an error's other properties may hold what was sent.
    logger.error({ requestId, code: error.code, stack: error.stack, cause: stackOf(error.cause) }, 'failed');
  }
}

function stackOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.stack : undefined;
}

function toProblem(error: ProtocolError, requestId: string | undefined): Problem {
  const { status, title } = errorTable[error.code];

  return {
    type: `urn:parley:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    ...(error instanceof InvalidRequestError ? { errors: [...error.fields] } : {}),
  };
}
