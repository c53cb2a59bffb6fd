import * as z from 'zod';
import { limitNames, limitTable, type LimitName } from '../limits.ts';
import { changedCallSettings, patchedCallSettings } from './callSettings.ts';
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
  limitNames.map((name) => [
    name,
    z.int().min(1).max(limitTable[name].max).describe(limitTable[name].meaning),
  ]),
) as Record<LimitName, z.ZodInt>;

/** An application's id, chosen by the operator. */
export const applicationId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'must be 1 to 64 of a-z, 0-9 and inner hyphens');

/** `POST /v1/applications` */
export const createApplicationSchema = z.strictObject({
  id: applicationId.optional().describe('Made by the service when left out.'),
  name: label,
  allowedOrigins: allowedOrigins.default([]).describe('Origins of the pages that may use the application.'),
  limits: z.strictObject(limitFields).partial().default({}).describe('Those left out have their standard.'),
  callSettings: changedCallSettings
    .default({})
    .describe("How calls behave; those left out are the service's own."),
  contacts: z
    .boolean()
    .default(false)
    .describe('Lets users see the others and their presence (`GET /v1/contacts`).'),
});

/** `PATCH /v1/applications/{applicationId}`, a merge patch (RFC 7396): a limit or call setting set to null has its standard again. */
export const updateApplicationSchema = z.strictObject({
  name: label.optional(),
  allowedOrigins: allowedOrigins.nullable().optional(),
  limits: z
    .strictObject(
      Object.fromEntries(limitNames.map((name) => [name, limitFields[name].nullable().optional()])) as Record<
        LimitName,
        z.ZodOptional<z.ZodNullable<z.ZodInt>>
      >,
    )
    .nullable()
    .optional()
    .describe('Only the operator sets limits.'),
  callSettings: patchedCallSettings.nullable().optional(),
  contacts: z.boolean().nullable().optional(),
});

export const applicationSchema = z.object({
  id: z.string(),
  name: z.string(),
  publicKey: z.string().describe('`pk_…`: the OAuth client id of public clients.'),
  allowedOrigins: z.array(z.string()),
  limits: z.object(limitFields),
  callSettings: changedCallSettings,
  contacts: z.boolean(),
  createdAt: moment,
});

export const applicationListSchema = listSchema(applicationSchema);

export type CreateApplication = z.infer<typeof createApplicationSchema>;
export type UpdateApplication = z.infer<typeof updateApplicationSchema>;
export type Application = z.infer<typeof applicationSchema>;
