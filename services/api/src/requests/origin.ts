import { isOriginAllowed, ProtocolError } from '@parley/protocol';
import type { Request, Response } from 'express';

/** Refuses pages of origins that an application does not list. */
export type OriginPolicy = (
  exchange: { request: Request; response: Response },
  application: { allowedOrigins: readonly string[] },
) => void;

/**
 * Backends send no `Origin` and pass; our own page passes everywhere. A refused page is not even let to read the
 * answer: its browser's console names the origin that the application's owner has to add.
 */
export function createOriginPolicy(publicUrl: string): OriginPolicy {
  const own = new URL(publicUrl).origin;

  return ({ request, response }, { allowedOrigins }) => {
    const origin = request.get('origin');
    if (origin !== undefined && origin !== own && !isOriginAllowed(origin, allowedOrigins)) {
      response.removeHeader('Access-Control-Allow-Origin');
      throw new ProtocolError('forbidden', 'The application does not allow pages of this origin.');
    }
  };
}
