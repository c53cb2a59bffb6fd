import * as z from 'zod';
import { userId } from './fields.ts';

/** Whom an anonymous user may call: a user's id or an E.164 number, which both begin alike for the schema. */
const destination = userId;

/** `PUT /v1/anonymous-destinations`: replaces the whole list. */
export const anonymousDestinationsSchema = z.strictObject({
  destinations: z
    .array(destination)
    .max(1_000)
    .refine((names) => new Set(names).size === names.length, 'must not name a destination twice'),
});

export type AnonymousDestinations = z.infer<typeof anonymousDestinationsSchema>;
