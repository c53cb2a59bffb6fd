import * as z from 'zod';
import { applicationId } from './applications.ts';
import { listSchema, moment, pageQuery, periodQuery } from './fields.ts';

/** Who did something: the operator, a backend by one of its keys, or an administrator by their own token. */
export const auditActorSchema = z.object({
  kind: z.enum(['operator', 'key', 'administrator', 'service']),
  id: z.string().optional().describe("The key's or the user's id."),
});

/** One administrative action. */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: moment,
  actor: auditActorSchema,
  action: z.string().describe("The operation's id in the OpenAPI document."),
  target: z
    .string()
    .describe('What was made, or what it was done to, as a path of the API without the leading `/v1/`.'),
  details: z
    .array(z.string())
    .describe('Names of the fields that were changed, never their values; of a new key, its rights.'),
  address: z.string().optional().describe('Where it came from.'),
  requestId: z.string().optional().describe("The same as in the answer's X-Request-Id."),
});

export const auditQuerySchema = z.strictObject({ ...pageQuery, ...periodQuery });

/** `GET /v1/operator/audit-entries` */
export const operatorAuditQuerySchema = auditQuerySchema.extend({
  applicationId: applicationId
    .optional()
    .describe('Of that application, also when it is gone; of the whole service when left out.'),
});

export const auditListSchema = listSchema(auditEntrySchema);

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditQuery = z.infer<typeof auditQuerySchema>;
export type AuditActor = z.infer<typeof auditActorSchema>;
