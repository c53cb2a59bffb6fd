import OAuth2Server from '@node-oauth/oauth2-server';
import { errorTable, ProtocolError, type ErrorCode } from '@parley/protocol';
import type { TokenError } from '@parley/protocol/rest';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { ApiMetrics } from '../metrics/ApiMetrics.ts';
import { logFault, setErrorHeaders } from '../middleware/problems.ts';
import { sendJson } from '../requests/sendJson.ts';
import { toProtocolError } from '../requests/toProtocolError.ts';

/** OAuth has few words for what is not OAuth's own; these are the registered ones that come nearest. */
const oauthCodes: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'invalid_client',
  forbidden: 'unauthorized_client',
  too_many_requests: 'temporarily_unavailable',
  unavailable: 'temporarily_unavailable',
  internal: 'server_error',
};

/** Answers errors below `/v1/oauth` in OAuth's own shape (RFC 6749, section 5.2). */
export function oauthErrorHandler(logger: Logger, metrics: ApiMetrics): ErrorRequestHandler {
  return (thrown: unknown, _request, response, _next) => {
    const error = isOAuthError(thrown) ? thrown : toProtocolError(innerOf(thrown));
    if (error instanceof ProtocolError) {
      logFault(logger, error, response);
      metrics.refused(error.code);
      setErrorHeaders(response, error);
      response.status(errorTable[error.code].status);
      sendJson(response, {
        error: oauthCodes[error.code] ?? 'invalid_request',
        error_description: error.message,
      } satisfies TokenError);
    } else {
      metrics.refused(error.name);
      if (error.code === 401) {
        // Section 5.2: who used the header is told the scheme to use there.
        response.set('WWW-Authenticate', 'Basic realm="Parley", charset="UTF-8"');
      }
      response.status(error.code);
      sendJson(response, { error: error.name, error_description: error.message } satisfies TokenError);
    }
  };
}

function isOAuthError(error: unknown): error is OAuth2Server.OAuthError {
  return error instanceof OAuth2Server.OAuthError && !(error instanceof OAuth2Server.ServerError);
}

/** The library wraps what the model threw; its message may be an internal one. */
function innerOf(error: unknown): unknown {
  return error instanceof OAuth2Server.ServerError && 'inner' in error ? error.inner : error;
}
