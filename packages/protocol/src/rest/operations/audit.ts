import { auditListSchema, auditQuerySchema } from '../audit.ts';
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
} as const satisfies Record<string, OperationDescription>;
