import type { ErrorCode } from '@parley/protocol';
import type { Access, OperationDescription } from '@parley/protocol/rest';

/** Every code that an operation may answer with: those of its kind, and its own. */
export function errorCodesOf(operation: OperationDescription): readonly ErrorCode[] {
  const { access, query, body, idempotency, errors = [] } = operation;

  return [
    ...new Set<ErrorCode>([
      ...(query === undefined && body === undefined && idempotency === undefined
        ? []
        : (['invalid_request'] as const)),
      ...(body === undefined
        ? []
        : (['invalid_request', 'malformed_json', 'payload_too_large', 'unsupported_media_type'] as const)),
      ...codesOfAccess[access],
      ...missingCodes(operation),
      ...errors,
      ...(idempotency === undefined ? [] : (['idempotency_key_reused'] as const)),
      ...(idempotency === 'secret' ? (['secret_already_shown'] as const) : []),
      'too_many_requests',
      'internal',
      'unavailable',
    ]),
  ];
}

const credentialCodes = ['unauthenticated', 'token_expired', 'token_revoked', 'forbidden'] as const;

const codesOfAccess: Readonly<Record<Access, readonly ErrorCode[]>> = {
  public: ['forbidden'],
  user: credentialCodes,
  provision: credentialCodes,
  admin: credentialCodes,
  owner: credentialCodes,
  operator: credentialCodes,
};

/** What is said when nothing is at the path: of rooms and calls that it is they that are missing. */
function missingCodes({ path }: OperationDescription): readonly ErrorCode[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    switch (name) {
      case 'roomId':
        return 'room_not_found';
      case 'callId':
        return 'call_not_found';
      default:
        return 'not_found';
    }
  });
}
