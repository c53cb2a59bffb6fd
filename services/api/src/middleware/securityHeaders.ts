import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Headers of every answer; the content security policy is the meeting page's. */
export function securityHeaders(publicUrl: string): RequestHandler {
  const { origin, protocol } = new URL(publicUrl);
  const isSecure = protocol === 'https:';

  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'font-src': ["'self'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'media-src': ["'self'", 'blob:'],
        'manifest-src': ["'self'"],
        // The page finds signaling by its token's issuer, the public URL, by whatever name it was opened itself;
        // not every browser takes 'self' to include WebSockets.
        'connect-src': ["'self'", origin, origin.replace(/^http/, 'ws')],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // On plain HTTP, as on localhost, there is nothing to upgrade to.
    strictTransportSecurity: isSecure,
    // The guest link's code is in the URL's fragment, which is no part of a referrer; the rest is nobody's business.
    referrerPolicy: { policy: 'no-referrer' },
  });
}
