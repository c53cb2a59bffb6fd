import * as z from 'zod/mini';

/** An id made by the server: call, participant, transport, producer, consumer. */
export const objectIdSchema = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[A-Za-z0-9_-]+$/));

/** A user's id as the trusted backend chose it, unique within one application. */
export const userIdSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(256), z.regex(/^[A-Za-z0-9._:@+-]+$/));

export const displayNameSchema = z.string().check(z.maxLength(256));
