import type { WebConfig } from '@parley/protocol/rest';
import { Router } from 'express';
import type { Demo } from '../demo/demoSchema.ts';

/** `GET /web-config.json`: for our own page. No CORS header, so no other page reads the demo's passwords. */
export function webConfigRoutes(demo: Demo | undefined): Router {
  const config: WebConfig =
    demo === undefined ? {} : { publicKey: demo.publicKey, demo: { users: demo.users, room: demo.room } };

  return Router().get('/web-config.json', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(config);
  });
}
