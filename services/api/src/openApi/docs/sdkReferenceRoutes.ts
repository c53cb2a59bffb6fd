import express, { Router } from 'express';

/** All that its pages need lies beside them; their search looks into a file that is a script. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The hash is that of a style without a rule, which their script makes for filters that these pages do not have.
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /docs/sdk/`: the reference of the browser SDK, as `@parley/reference` has built it. */
export function sdkReferenceRoutes(referenceRoot: string): Router {
  const router = Router();

  router.use(
    '/docs/sdk',
    express.static(referenceRoot, {
      cacheControl: false,
      setHeaders: (response) =>
        response.set({
          'Content-Security-Policy': contentSecurityPolicy,
          // Names that stay the same while their contents change.
          'Cache-Control': 'public, no-cache',
        }),
    }),
  );

  return router;
}
