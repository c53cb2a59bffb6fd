import { tokenErrorSchema } from '@parley/protocol/rest';
import { referenceTo } from './components.ts';
import type { Example, ResponseObject } from './openApiTypes.ts';
import { headersOf, type HeaderName } from './responses.ts';

/** A refusal in OAuth's words: its status, the word, and what is said in one case of it. */
export type OAuthError = readonly [status: number, error: string, description: string];

const unknownClient = 'The client is not known here.';

/** How every endpoint of OAuth may refuse. */
const commonErrors: readonly OAuthError[] = [
  [400, 'invalid_request', 'The body must be application/x-www-form-urlencoded.'],
  [400, 'invalid_client', unknownClient],
  [401, 'invalid_client', unknownClient],
  [
    403,
    'unauthorized_client',
    'The application does not allow pages of this origin: its allowedOrigins must list it.',
  ],
  [429, 'temporarily_unavailable', 'Too many requests; wait 7 s.'],
  [503, 'temporarily_unavailable', 'The database does not answer.'],
];

const furtherHeaders: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  429: ['RateLimit-Policy', 'RateLimit', 'Retry-After'],
  503: ['Retry-After'],
};

/** The refusals by status; those of the endpoint's own come first. */
export function oauthErrorResponses(own: readonly OAuthError[]): Record<string, ResponseObject> {
  const byStatus = Map.groupBy([...own, ...commonErrors], ([status]) => status);

  return Object.fromEntries(
    [...byStatus].map(([status, errors]) => [
      String(status),
      {
        description: `${whenOf[status] ?? 'Refused'}; in the shape of RFC 6749, section 5.2.`,
        headers: headersOf(['X-Request-Id', ...(furtherHeaders[status] ?? [])]),
        content: {
          'application/json': { schema: referenceTo(tokenErrorSchema), examples: examplesOf(errors) },
        },
      },
    ]),
  );
}

const whenOf: Readonly<Record<number, string>> = {
  401: 'The client is unknown, and came by the `Authorization` header',
  403: 'The client may not do this',
  429: 'Too often',
  503: 'Not now',
};

/** One of each word: the endpoint's own where there is one. */
function examplesOf(errors: readonly OAuthError[]): Record<string, Example> {
  const examples: Record<string, Example> = {};
  for (const [, error, description] of errors) {
    examples[error] ??= { value: { error, error_description: description } };
  }

  return examples;
}
