import express, { Router } from 'express';
import type { ApiContext } from '../context.ts';
import type { Gate } from '../operations/receive.ts';
import { maxBody } from '../requests/readJson.ts';
import { oauthErrorHandler } from './oauthErrors.ts';

export function oauthRoutes(context: ApiContext, _gate: Gate): Router {
  const router = Router();

  router.use('/v1/oauth', express.urlencoded({ extended: false, limit: maxBody }));
  router.use('/v1/oauth', oauthErrorHandler(context.logger));

  return router;
}
