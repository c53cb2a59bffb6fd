import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';

const pageFolder = join(import.meta.dirname, 'page');
const require = createRequire(import.meta.url);
const libraryFolder = dirname(require.resolve('swagger-ui-dist/package.json'));

/** Each file by its name; nothing else of the folders is given away. */
const files = {
  '/docs': [pageFolder, 'index.html'],
  '/docs/docs.js': [pageFolder, 'docs.js'],
  '/docs/docs.css': [pageFolder, 'docs.css'],
  '/docs/swagger-ui.css': [libraryFolder, 'swagger-ui.css'],
  '/docs/swagger-ui-bundle.js': [libraryFolder, 'swagger-ui-bundle.js'],
} as const;

/** `GET /docs`: the OpenAPI document as a page in which a call can be tried. Nothing of it comes from another host. */
export function docsRoutes(publicUrl: string): Router {
  const router = Router();
  const contentSecurityPolicy = policyOf(publicUrl);

  for (const [route, [root, name]] of Object.entries(files)) {
    router.get(route, (_request, response, next) => {
      response.set('Content-Security-Policy', contentSecurityPolicy);
      response.sendFile(
        name,
        { root, headers: { 'Cache-Control': 'public, no-cache' }, cacheControl: false },
        (error) => (error === undefined ? undefined : next(error)),
      );
    });
  }

  return router;
}

/** Calls are tried at the public URL, by whatever name the page was opened. */
function policyOf(publicUrl: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The library's icons are written into its style sheet.
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(publicUrl).origin}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
