import express, { Router } from 'express';
import type { ApiContext } from '../context.ts';
import type { OriginPolicy } from '../requests/origin.ts';
import { maxBody } from '../requests/readJson.ts';
import { exchangePassword } from './exchangePassword.ts';
import { oauthErrorHandler } from './oauthErrors.ts';

/**
 * `POST /v1/oauth/token`. A form from a page is sent by its browser without asking first: that the page may not
 * use the application is found here, before the password is looked at.
 */
export function oauthRoutes(context: ApiContext, enforceOrigin: OriginPolicy): Router {
  const router = Router();

  router.use('/v1/oauth', express.urlencoded({ extended: false, limit: maxBody }));
  router.post('/v1/oauth/token', async (request, response) => {
    const tokens = await exchangePassword(context, enforceOrigin, { request, response });
    // RFC 6749, section 5.1, asks for both.
    response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' }).json(tokens);
  });
  router.use('/v1/oauth', oauthErrorHandler(context.logger));

  return router;
}
