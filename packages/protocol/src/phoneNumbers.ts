import * as z from 'zod/mini';

/** A telephone number in the international form of ITU-T E.164: a plus sign and up to fifteen digits. */
export const phoneNumberSchema = z
  .string()
  .check(z.regex(/^\+[1-9]\d{1,14}$/, 'must be an E.164 number such as +15551234567'));
