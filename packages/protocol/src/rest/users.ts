import * as z from 'zod';
import { phoneNumberSchema } from '../phoneNumbers.ts';
import { accessTokenWithValueSchema } from './accessTokens.ts';
import { email, label, listSchema, moment, pageQuery, userId } from './fields.ts';
import { metadata, metadataPatch } from './metadata.ts';
import { issuedTokenSchema } from './tokens.ts';

/** Each number belongs to one user of the application. */
const phoneNumbers = z
  .array(phoneNumberSchema)
  .max(10)
  .refine((numbers) => new Set(numbers).size === numbers.length, 'must not name a number twice');

// Half of a surrogate pair has no UTF-8: the hash would take each for every other one.
const password = z
  .string()
  .min(8)
  .max(256)
  .regex(/^\P{Cs}*$/u, 'must have no halves of surrogate pairs');

/** What a user is, apart from the id. */
const profile = {
  displayName: label,
  email,
  phoneNumbers: phoneNumbers.describe('A call to one of them rings the user.'),
  metadata,
  password: password.describe('Lets the user sign in with the e-mail address.'),
  admin: z
    .boolean()
    .describe('Signs in as an administrator of the application; only the right `admin` can give it.'),
};

/** Who is dialled is named by id or by number: one that could be both would be ambiguous. */
const newId = userId.check(
  z.refine((id) => !phoneNumberSchema.safeParse(id).success, 'must not have the form of an E.164 number'),
);

/** `POST /v1/users` */
export const createUserSchema = z
  .strictObject({
    id: z.optional(newId).describe('Made by the service when left out.'),
    displayName: profile.displayName.optional().describe('The id when left out.'),
    email: profile.email.optional(),
    phoneNumbers: profile.phoneNumbers.default([]),
    metadata: profile.metadata.optional(),
    password: profile.password.optional(),
    admin: profile.admin.default(false),
    issueToken: z
      .boolean()
      .default(false)
      .describe('Issues a session token of the standard scopes and lifetime along with the user.'),
    issueAccessToken: z.boolean().default(false).describe('Makes an access token along with the user.'),
  })
  .refine(({ email: address, password: secret }) => secret === undefined || address !== undefined, {
    path: ['password'],
    message: 'needs an e-mail address to sign in with',
  });

/** `PATCH /v1/users/{userId}`, a merge patch (RFC 7396): null removes, what is left out stays. */
export const updateUserSchema = z.strictObject({
  displayName: profile.displayName.nullable().optional(),
  email: profile.email.nullable().optional(),
  phoneNumbers: profile.phoneNumbers.nullable().optional(),
  metadata: metadataPatch
    .nullable()
    .optional()
    .describe(
      'Merged into what there is, at every depth; 4 KB at most together. Lists are replaced as a whole.',
    ),
  password: profile.password.nullable().optional(),
  admin: profile.admin.nullable().optional(),
});

/** `user` is provisioned by the backend, `anonymous` made by client_credentials, `guest` by a guest link. */
export const userKinds = ['user', 'anonymous', 'guest'] as const;

export const userSchema = z.object({
  id: z.string(),
  kind: z.enum(userKinds),
  displayName: z.string(),
  email: z.string().optional(),
  phoneNumbers: z.array(z.string()),
  metadata: z.record(z.string(), z.json()).optional(),
  hasPassword: z.boolean(),
  admin: z.boolean(),
  createdAt: moment,
});

/** A new user, with the first tokens when they were asked for. */
export const createdUserSchema = userSchema.extend({
  token: issuedTokenSchema.optional(),
  accessToken: accessTokenWithValueSchema.optional(),
});

export const listUsersQuerySchema = z.strictObject({ ...pageQuery, kind: z.enum(userKinds).default('user') });

export const userListSchema = listSchema(userSchema);

export type CreateUser = z.infer<typeof createUserSchema>;
export type UpdateUser = z.infer<typeof updateUserSchema>;
export type User = z.infer<typeof userSchema>;
export type CreatedUser = z.infer<typeof createdUserSchema>;
export type UserKind = (typeof userKinds)[number];
