import * as z from 'zod';
import { limitNames, limitTable, type LimitName } from '../limits.ts';
import { label, listSchema, moment } from './fields.ts';

/** A web origin (RFC 6454), with `:*` for any port; browsers write it in lower case. */
const origin = z
  .string()
  .max(260)
  .regex(
    /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?:\*|\d{1,5}))?$/,
    'must be a web origin such as https://app.example, or http://localhost:* for any port',
  );

const allowedOrigins = z.array(origin).max(100);

const limitFields = Object.fromEntries(
  limitNames.map((name) => [name, z.int().min(1).max(limitTable[name].max)]),
) as Record<LimitName, z.ZodInt>;

/** `POST /v1/applications` */
export const createApplicationSchema = z.strictObject({
  /** Made by the service when left out. */
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'must be 1 to 64 of a-z, 0-9 and inner hyphens')
    .optional(),
  name: label,
  /** Origins of the pages that may use the application. */
  allowedOrigins: allowedOrigins.default([]),
  /** Those left out have their standard. */
  limits: z.strictObject(limitFields).partial().default({}),
  /** Lets users see the others and their presence (`GET /v1/contacts`). */
  contacts: z.boolean().default(false),
});

/** `PATCH /v1/applications/{applicationId}`, a merge patch (RFC 7396): a limit set to null has its standard again. */
export const updateApplicationSchema = z.strictObject({
  name: label.optional(),
  allowedOrigins: allowedOrigins.nullable().optional(),
  /** Only the operator sets limits. */
  limits: z
    .strictObject(
      Object.fromEntries(limitNames.map((name) => [name, limitFields[name].nullable().optional()])) as Record<
        LimitName,
        z.ZodOptional<z.ZodNullable<z.ZodInt>>
      >,
    )
    .nullable()
    .optional(),
  contacts: z.boolean().nullable().optional(),
});

export const applicationSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `pk_…`: the OAuth client id of public clients. */
  publicKey: z.string(),
  allowedOrigins: z.array(z.string()),
  limits: z.object(limitFields),
  contacts: z.boolean(),
  createdAt: moment,
});

export const applicationListSchema = listSchema(applicationSchema);

export type CreateApplication = z.infer<typeof createApplicationSchema>;
export type UpdateApplication = z.infer<typeof updateApplicationSchema>;
export type Application = z.infer<typeof applicationSchema>;
