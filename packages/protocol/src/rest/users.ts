import * as z from 'zod';
import { email, label, listSchema, moment, userId } from './fields.ts';

/** `POST /v1/users` */
export const createUserSchema = z
  .strictObject({
    /** Made by the service when left out. */
    id: z.optional(userId),
    /** The id when left out. */
    displayName: label.optional(),
    email: email.optional(),
    /** Lets the user sign in with the e-mail address. */
    password: z.string().min(8).max(256).optional(),
  })
  .refine(({ email: address, password }) => password === undefined || address !== undefined, {
    path: ['password'],
    message: 'needs an e-mail address to sign in with',
  });

export const userSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  email: z.string().optional(),
  createdAt: moment,
});

export const userListSchema = listSchema(userSchema);

export type CreateUser = z.infer<typeof createUserSchema>;
export type User = z.infer<typeof userSchema>;
export type UserList = z.infer<typeof userListSchema>;
