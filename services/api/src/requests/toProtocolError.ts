import { databaseFailure } from '@parley/db';
import { ProtocolError } from '@parley/protocol';

/** Seconds after which a database that was away may be back. */
const databaseRetrySeconds = 5;

/** Seconds after which those who hold a row are done with it. */
const contentionRetrySeconds = 1;

/** The coded error for anything thrown while a request is answered. What is not known is `internal`. */
export function toProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) {
    return error;
  }
  const cause = { cause: error };

  return fromDatabase(error) ?? fromHttp(error) ?? new ProtocolError('internal', undefined, cause);
}

function fromDatabase(error: unknown): ProtocolError | undefined {
  const cause = { cause: error };
  switch (databaseFailure(error)) {
    case 'conflict':
      return new ProtocolError('conflict', undefined, cause);
    case 'missing':
      return new ProtocolError('not_found', undefined, cause);
    case 'dangling':
      return new ProtocolError('invalid_request', 'The request names something that does not exist.', cause);
    case 'unavailable':
      return new ProtocolError('unavailable', 'The database does not answer.', {
        ...cause,
        retryAfterSeconds: databaseRetrySeconds,
      });
    case 'contended':
    case 'locked':
      return new ProtocolError('unavailable', 'Others are changing the same just now.', {
        ...cause,
        retryAfterSeconds: contentionRetrySeconds,
      });
    default:
      return undefined;
  }
}

/** What Express and its body parser throw carries a status and, mostly, a type. */
function fromHttp(error: unknown): ProtocolError | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { type, status } = error as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.parse.failed':
      return new ProtocolError('malformed_json');
    case 'entity.too.large':
      return new ProtocolError('payload_too_large');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new ProtocolError('unsupported_media_type');
    default:
      return fromStatus(status);
  }
}

function fromStatus(status: unknown): ProtocolError | undefined {
  if (status === 404) {
    return new ProtocolError('not_found');
  }

  return typeof status === 'number' && status >= 400 && status < 500
    ? new ProtocolError('invalid_request', 'The request cannot be read.')
    : undefined;
}
