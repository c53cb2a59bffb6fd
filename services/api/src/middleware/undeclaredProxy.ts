import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * Warns, once, of a proxy that nobody declared: what it says of its clients is not believed, so that all of them are
 * one address for the limits, and one of them who guesses passwords slows the others down.
 */
export function undeclaredProxy(logger: Logger): RequestHandler {
  let isReported = false;

  return (request, _response, next) => {
    // Express lists the addresses that it believes; none of them, when it does not trust who sent the header.
    if (!isReported && request.get('x-forwarded-for') && request.ips.length === 0) {
      isReported = true;
      logger.warn(
        { address: request.ip },
        'X-Forwarded-For is not believed, its sender counts as one client; if it is a proxy of yours, name its address in PARLEY_TRUSTED_PROXIES',
      );
    }

    next();
  };
}
