import {
  operations,
  type OperationBody,
  type OperationName,
  type OperationQuery,
} from '@parley/protocol/rest';

/** What of a request is worth a word in the log. */
type DetailsOf = {
  readonly [Name in OperationName]?: (request: {
    readonly body: OperationBody<Name>;
    readonly query: OperationQuery<Name>;
  }) => readonly string[];
};

const details: DetailsOf = {
  createApiKey: ({ body }) => body.rights,
  createUser: ({ body }) => (body.admin ? ['admin'] : []),
  revokeTokens: ({ query }) => (query.accessTokens ? ['accessTokens'] : []),
};

/**
 * What an entry says besides the action: which fields were changed, what a new key or user may do. Names alone, for
 * values are passwords and people's data.
 */
export function auditDetails(
  name: OperationName,
  request: { body: unknown; query: unknown },
): readonly string[] {
  if (operations[name].method === 'patch') {
    return Object.keys(request.body as object).toSorted();
  }
  // The compiler does not connect what is found under a name with the schemas of the same name.
  const detailsOf = details[name] as ((request: unknown) => readonly string[]) | undefined;

  return detailsOf?.(request) ?? [];
}
