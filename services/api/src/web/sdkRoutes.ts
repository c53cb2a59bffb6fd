import { basename, dirname } from 'node:path';
import { Router } from 'express';

/**
 * `GET /sdk/parley-calling.js`, an ES module, `GET /sdk/parley-calling.iife.js`, the same as a script that lies beside
 * it, and their source maps: for pages of every origin. The URLs have no version in them, so browsers ask each time
 * and mostly hear that nothing has changed.
 */
export function sdkRoutes(bundlePath: string): Router {
  const router = Router();
  const scriptPath = bundlePath.replace(/\.js$/, '.iife.js');
  const files = {
    '/sdk/parley-calling.js': bundlePath,
    '/sdk/parley-calling.js.map': `${bundlePath}.map`,
    '/sdk/parley-calling.iife.js': scriptPath,
    '/sdk/parley-calling.iife.js.map': `${scriptPath}.map`,
  };

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
