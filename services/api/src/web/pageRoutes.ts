import { join } from 'node:path';
import express, { Router } from 'express';

/**
 * The meeting page: its files, and the page itself at `/` and `/join`. The build puts the content's hash into the
 * names below `assets`, so those never change; the page, which names them, is asked for each time.
 */
export function pageRoutes(webRoot: string): Router {
  const router = Router();

  router.get(['/', '/join'], (_request, response, next) => {
    response.sendFile(
      'index.html',
      { root: webRoot, headers: { 'Cache-Control': 'no-cache' }, cacheControl: false },
      (error) => (error === undefined ? undefined : next(error)),
    );
  });
  router.use(
    '/assets',
    express.static(join(webRoot, 'assets'), { index: false, immutable: true, maxAge: '1y' }),
  );
  router.use(express.static(webRoot, { index: false, redirect: false }));

  return router;
}
