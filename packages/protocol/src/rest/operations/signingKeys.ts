import { emptyBodySchema } from '../calls.ts';
import { listQuerySchema } from '../fields.ts';
import { signingKeyListSchema, signingKeySchema } from '../signingKeys.ts';
import type { OperationDescription } from '../operation.ts';

export const signingKeyOperations = {
  listSigningKeys: {
    method: 'get',
    path: '/v1/signing-keys',
    access: 'operator',
    tag: 'Signing keys',
    summary: 'List the keys that tokens are verified with',
    query: listQuerySchema,
    status: 200,
    answer: signingKeyListSchema,
  },
  rotateSigningKey: {
    method: 'post',
    path: '/v1/signing-keys',
    access: 'operator',
    tag: 'Signing keys',
    summary: 'Sign with a new key from now on',
    description: 'The one before verifies until every token it signed has expired.',
    body: emptyBodySchema,
    status: 201,
    answer: signingKeySchema,
    idempotency: 'plain',
  },
} as const satisfies Record<string, OperationDescription>;
