import { Router } from 'express';
import { openApiDocument } from './openApiDocument.ts';

/** `GET /openapi.json`: the contract, for everybody. It changes with a release, so clients keep it and ask anew. */
export function openApiRoutes(publicUrl: string): Router {
  const text = JSON.stringify(openApiDocument(publicUrl));

  return Router().get('/openapi.json', (_request, response) => {
    response
      .set({
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
        'Cache-Control': 'public, no-cache',
      })
      .type('application/json')
      // Express makes the ETag and answers 304.
      .send(text);
  });
}
