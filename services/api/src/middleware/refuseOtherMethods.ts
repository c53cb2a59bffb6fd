import { ProtocolError } from '@parley/protocol';
import type { RequestHandler } from 'express';

/** The last route of a path: whoever comes this far asked by a method that it does not have (RFC 9110, 15.5.6). */
export function refuseOtherMethods(methods: readonly string[]): RequestHandler {
  // Express answers HEAD where it answers GET.
  const allowed = methods
    .flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
    .join(', ');

  return (request, response) => {
    response.set('Allow', allowed);
    throw new ProtocolError('method_not_allowed', `${request.path} takes ${allowed}, not ${request.method}.`);
  };
}
