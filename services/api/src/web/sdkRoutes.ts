import { basename, dirname } from 'node:path';
import { Router } from 'express';

/**
 * `GET /sdk/parley-calling.js` and its source map: for pages of every origin. The URL has no version in it, so
 * browsers ask each time and mostly hear that nothing has changed.
 */
export function sdkRoutes(bundlePath: string): Router {
  const router = Router();
  const files = { '/sdk/parley-calling.js': bundlePath, '/sdk/parley-calling.js.map': `${bundlePath}.map` };

  for (const [route, path] of Object.entries(files)) {
    router.get(route, (_request, response, next) => {
      response.set({
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      });
      response.sendFile(
        basename(path),
        { root: dirname(path), headers: { 'Cache-Control': 'public, no-cache' }, cacheControl: false },
        (error) => (error === undefined ? undefined : next(error)),
      );
    });
  }

  return router;
}
