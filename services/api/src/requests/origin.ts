import { isOriginAllowed, ProtocolError } from '@parley/protocol';
import type { Request } from 'express';

/** Refuses pages of origins that an application does not list. */
export type OriginPolicy = (request: Request, application: { allowedOrigins: readonly string[] }) => void;

/**
 * Backends send no `Origin` and pass; our own page passes everywhere. A refused page may read the answer, like every
 * other error: it says nothing but why, and a browser that hides it tells the page's developer "Failed to fetch".
 */
export function createOriginPolicy(publicUrl: string): OriginPolicy {
  const own = new URL(publicUrl).origin;

  return (request, { allowedOrigins }) => {
    const origin = request.get('origin');
    if (origin !== undefined && origin !== own && !isOriginAllowed(origin, allowedOrigins)) {
      throw new ProtocolError(
        'forbidden',
        'The application does not allow pages of this origin: its allowedOrigins must list it.',
      );
    }
  };
}
