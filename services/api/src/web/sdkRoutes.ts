import { basename, dirname } from 'node:path';
import { Router } from 'express';

/** `parley-calling.js` and what is named after it; the group is what the name of the bundle's file is followed by, too. */
const fileName = /^parley-calling((?:-[\w-]+)?(?:\.iife|\.worker)?\.js(?:\.map)?)$/;

/**
 * `GET /sdk/parley-calling.js`, an ES module, and what lies beside it: `parley-calling.iife.js`, the same as a script, an ES
 * module for each sub-path, `parley-calling-<name>.js`, scripts of workers, `parley-calling-<name>.worker.js`, and the source
 * maps of all: for pages of every origin. The URLs have no version in them, so browsers ask each time and mostly hear
 * that nothing has changed.
 */
export function sdkRoutes(bundlePath: string): Router {
  const router = Router();
  const bundle = basename(bundlePath, '.js');

  router.get('/sdk/:file', (request, response, next) => {
    const [, ending] = fileName.exec(request.params.file) ?? [];
    if (ending === undefined) {
      next();
      return;
    }
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.sendFile(
      bundle + ending,
      { root: dirname(bundlePath), headers: { 'Cache-Control': 'public, no-cache' }, cacheControl: false },
      (error) => (error === undefined ? undefined : next(error)),
    );
  });

  return router;
}
