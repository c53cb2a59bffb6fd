import * as z from 'zod/mini';
import { storable } from './storable.ts';

/** An id made by the server, as it comes back from a client: call, participant, transport, producer, consumer. */
export const objectIdSchema = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[A-Za-z0-9_-]+$/));

export const userIdPattern = /^(?!\.{1,2}$)(?!__proto__$)[A-Za-z0-9._:@+-]+$/;

/**
 * A user's id as the trusted backend chose it, unique within one application. Not `.` and `..`, which clients take
 * out of URLs, nor `__proto__`, which is no key of a JSON object to JavaScript.
 */
export const userIdSchema = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(256),
    z.regex(userIdPattern, 'is no user id, which holds only a-z A-Z 0-9 . _ : @ + - and is neither . nor ..'),
  );

/** It reaches the records of calls. */
export const displayNameSchema = z.string().check(z.maxLength(256), z.regex(storable));
