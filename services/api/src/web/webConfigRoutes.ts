import { isLoopbackHost } from '@parley/protocol';
import type { WebConfig } from '@parley/protocol/rest';
import { Router } from 'express';
import { sendJson } from '../requests/sendJson.ts';
import type { Demo } from '../demo/demoSchema.ts';

/**
 * `GET /web-config.json`: for our own page. No CORS header, so no other page reads the demo's passwords; nor does
 * one whose host name was made to point here (DNS rebinding): it is answered by the names we go by alone.
 */
export function webConfigRoutes(demo: Demo | undefined, publicUrl: string): Router {
  const config: WebConfig =
    demo === undefined ? {} : { publicKey: demo.publicKey, demo: { users: demo.users, room: demo.room } };
  const ownName = new URL(publicUrl).hostname;

  return Router().get('/web-config.json', (request, response) => {
    const name = URL.parse(`http://${request.headers.host ?? ''}`)?.hostname ?? '';
    const isOurs = name === ownName || isLoopbackHost(name);

    response.set('Cache-Control', 'no-store');
    sendJson(response, isOurs ? config : {});
  });
}
