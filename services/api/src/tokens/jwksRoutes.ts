import { Router } from 'express';
import type { SigningKeys } from './signingKeys.ts';

/** `GET /.well-known/jwks.json`: public, and meant for anybody who verifies our tokens. */
export function jwksRoutes({ publicJwks }: SigningKeys): Router {
  return Router().get('/.well-known/jwks.json', (_request, response) => {
    response
      .set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=300' })
      .json({ keys: publicJwks });
  });
}
