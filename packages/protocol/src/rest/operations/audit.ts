import { auditListSchema, auditQuerySchema, operatorAuditQuerySchema } from '../audit.ts';
import type { OperationDescription } from '../operation.ts';

export const auditOperations = {
  listAuditEntries: {
    method: 'get',
    path: '/v1/audit-entries',
    access: 'admin',
    tag: 'Audit',
    summary: 'List administrative actions',
    description: 'Newest first: who did what, when and from where.',
    query: auditQuerySchema,
    status: 200,
    answer: auditListSchema,
  },
  listOperatorAuditEntries: {
    method: 'get',
    path: '/v1/operator/audit-entries',
    access: 'operator',
    tag: 'Audit',
    summary: 'List administrative actions of the whole service',
    description:
      'Newest first: what concerns no application that there was before, such as the making of one or another signing key. With `applicationId` what was done to that one, its deletion included.',
    query: operatorAuditQuerySchema,
    status: 200,
    answer: auditListSchema,
  },
} as const satisfies Record<string, OperationDescription>;
