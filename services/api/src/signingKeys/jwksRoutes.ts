import { Router } from 'express';
import type { SigningKeys } from './SigningKeys.ts';

/** `GET /.well-known/jwks.json`: public, and meant for anybody who verifies our tokens. */
export function jwksRoutes(signingKeys: SigningKeys): Router {
  return Router().get('/.well-known/jwks.json', (_request, response) => {
    response
      .set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=300' })
      .json({ keys: [...signingKeys.publicJwks] });
  });
}
