import * as z from 'zod';

/** A public signing key, RFC 7517 with the curve of RFC 8037. */
const publicJwkSchema = z.looseObject({
  kty: z.string(),
  kid: z.string(),
  alg: z.string(),
  use: z.literal('sig'),
});

/** `GET /.well-known/jwks.json` */
export const jwksSchema = z.object({ keys: z.array(publicJwkSchema) });

/** `GET /healthz` and, when it is, `GET /readyz` and `GET /readyz/api`. */
export const statusSchema = z.object({ status: z.enum(['ok', 'ready']) });

export type Jwks = z.infer<typeof jwksSchema>;
export type Status = z.infer<typeof statusSchema>;
