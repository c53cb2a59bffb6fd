import cors from 'cors';
import type { RequestHandler } from 'express';
import { requestIdHeader } from './accessLog.ts';

/**
 * CORS of the API. Which pages may use an application is known only once the application is, and neither a
 * preflight nor a form's body comes with it. So every origin is answered here, and the routes refuse the request
 * of one that their application does not list, before they do anything (`createOriginPolicy`). No cookie is ever
 * involved: nothing a page sends here has more power than the secret it brings along.
 */
export function crossOrigin(): RequestHandler {
  return cors({
    origin: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
    exposedHeaders: [
      'Location',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
      'Idempotency-Replayed',
      requestIdHeader,
    ],
    maxAge: 600,
  });
}
