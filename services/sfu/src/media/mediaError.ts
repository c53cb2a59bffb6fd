import { ProtocolError } from '@parley/protocol';
import { errors } from 'mediasoup';

/**
 * What a rejection of mediasoup means to the client that caused it: the worker or the object is gone, or the
 * worker found fault with the parameters, which are the only thing a request brings along.
 */
export function mediaError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) {
    return error;
  }
  if (error instanceof errors.WorkerClosedError) {
    return new ProtocolError('unavailable', 'The media worker of the call is gone.', { cause: error });
  }
  if (error instanceof errors.NotFoundError) {
    return new ProtocolError('not_found', 'The media object is closed.', { cause: error });
  }
  const reason = error instanceof Error ? error.message : 'unknown reason';

  return new ProtocolError('invalid_request', `The media parameters are refused: ${reason}`, {
    cause: error,
  });
}

/** Asks the worker something; what goes wrong is coded. */
export async function askWorker<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw mediaError(error);
  }
}
