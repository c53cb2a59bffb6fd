import * as z from 'zod/mini';
import { CallError } from '../errors.ts';

/** What the SDK reads of a session token; the server alone verifies it. */
const payloadSchema = z.object({ iss: z.optional(z.string()), exp: z.optional(z.number()) });

/** RFC 7519: three parts of base64url, the second one JSON. */
export function tokenPayload(token: string): z.infer<typeof payloadSchema> | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) {
    return undefined;
  }
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
    const parsed = payloadSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));

    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The address of the server that issued the token. */
export function issuerOf(token: string): string {
  const issuer = tokenPayload(token)?.iss;
  if (issuer === undefined || !/^https?:\/\//.test(issuer) || !URL.canParse(issuer)) {
    throw new CallError(
      'invalid_request',
      'The token does not say which server issued it: give a session token of Parley, or options.endpoint.',
    );
  }

  return issuer;
}
