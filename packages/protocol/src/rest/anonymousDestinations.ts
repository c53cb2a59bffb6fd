import * as z from 'zod';
import { userIdPattern } from '../ids.ts';

/** Whom an anonymous user may call: a user's id or an E.164 number, which has the form of one. */
const destination = z
  .string()
  .min(1)
  .max(256)
  .regex(userIdPattern, 'is neither a user id nor an E.164 number such as +15551234567');

/** `PUT /v1/anonymous-destinations`: replaces the whole list. */
export const anonymousDestinationsSchema = z.strictObject({
  destinations: z
    .array(destination)
    .max(1_000)
    .refine((names) => new Set(names).size === names.length, 'must not name a destination twice'),
});

export type AnonymousDestinations = z.infer<typeof anonymousDestinationsSchema>;
