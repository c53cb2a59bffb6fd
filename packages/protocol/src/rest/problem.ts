import * as z from 'zod';
import { errorCodes } from '../errors.ts';

/** One field of a body or query that does not match its schema. */
const problemFieldSchema = z.object({
  /** JSON pointer (RFC 6901) into the body; of a query parameter, its name after a slash. */
  pointer: z.string(),
  detail: z.string(),
});

/** Every error of the REST API, RFC 9457, as `application/problem+json`. */
export const problemSchema = z.object({
  /** Names the kind of problem as a URI: `urn:parley:error:<code>`. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What went wrong in this case. */
  detail: z.string(),
  /** The same as in `type`, for programs. */
  code: z.enum(errorCodes),
  /** Names this occurrence; the service's log has the same id. */
  instance: z.string().optional(),
  errors: z.array(problemFieldSchema).optional(),
});

export type ProblemField = z.infer<typeof problemFieldSchema>;
export type Problem = z.infer<typeof problemSchema>;
