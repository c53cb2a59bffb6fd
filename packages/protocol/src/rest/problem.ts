import * as z from 'zod';
import { errorCodes } from '../errors.ts';

/** One field of a body or query that does not match its schema. */
export const problemFieldSchema = z.object({
  pointer: z
    .string()
    .describe('JSON pointer (RFC 6901) into the body; of a query parameter, its name after a slash.'),
  detail: z.string(),
});

/** Every error of the REST API, RFC 9457, as `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string().describe('Names the kind of problem as a URI: `urn:parley:error:<code>`.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What went wrong in this case.'),
  code: z.enum(errorCodes).describe('The same as in `type`, for programs.'),
  instance: z.string().optional().describe("Names this occurrence; the service's log has the same id."),
  errors: z.array(problemFieldSchema).optional(),
});

export type ProblemField = z.infer<typeof problemFieldSchema>;
export type Problem = z.infer<typeof problemSchema>;
