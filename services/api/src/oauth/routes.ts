import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { ApiContext } from '../context.ts';
import { crossOrigin } from '../middleware/crossOrigin.ts';
import { nameOperation } from '../metrics/measureRequests.ts';
import { refuseOtherMethods } from '../middleware/refuseOtherMethods.ts';
import type { Gate } from '../operations/receive.ts';
import { sendJson } from '../requests/sendJson.ts';
import type { Exchange } from './admitClient.ts';
import { discovery } from './discovery.ts';
import { exchangeToken } from './exchangeToken.ts';
import { introspectToken } from './introspectToken.ts';
import { oauthErrorHandler } from './oauthErrors.ts';
import { revokeToken } from './revokeToken.ts';

/** Where pages of older systems look for the token endpoint. */
const seedPath = '/cpaas/auth/v1';

/** OAuth 2 with its own shapes: forms in, RFC 6749's errors out. */
export function oauthRoutes(context: ApiContext, gate: Gate): Router {
  const router = Router();
  const paths = ['/v1/oauth', seedPath];

  router.use(seedPath, crossOrigin());
  router.post(
    paths.map((path) => `${path}/token`),
    answerWith(exchangeToken),
  );
  router.post('/v1/oauth/revoke', answerWith(revokeToken));
  router.post('/v1/oauth/introspect', answerWith(introspectToken));
  router.all(
    [...paths.map((path) => `${path}/token`), '/v1/oauth/revoke', '/v1/oauth/introspect'],
    refuseOtherMethods(['post']),
  );
  router.use(paths, oauthErrorHandler(context.logger, context.metrics));
  router.get('/.well-known/openid-configuration', describe(context.publicUrl));

  return router;

  function answerWith(
    handle: (context: ApiContext, gate: Gate, exchange: Exchange) => Promise<object | void>,
  ): RequestHandler {
    return async (request: Request, response: Response) => {
      nameOperation(response, handle.name);
      // RFC 6749, section 5.1, asks for both.
      response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
      const answer = await handle(context, gate, { request, response });
      if (answer === undefined) {
        response.status(200).end();
      } else {
        sendJson(response, answer);
      }
    };
  }
}

function describe(publicUrl: string): RequestHandler {
  const document = discovery(publicUrl);

  return (_request, response) => {
    response
      .set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=300' })
      .json(document);
  };
}
