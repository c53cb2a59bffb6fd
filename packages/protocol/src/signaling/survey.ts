import * as z from 'zod/mini';
import { storable } from '../storable.ts';

/** What can have been wrong with a call. */
export const surveyIssues = [
  'could_not_hear',
  'was_not_heard',
  'bad_audio',
  'echo',
  'no_video',
  'bad_video',
  'no_screen',
  'bad_screen',
  'call_dropped',
  'other',
] as const;

/** What a participant thought of the call. */
export const surveySchema = z.object({
  /** 1 is bad, 5 is good. */
  rating: z.int().check(z.minimum(1), z.maximum(5)),
  /** What was wrong, if anything. */
  issues: z.optional(z.array(z.enum(surveyIssues)).check(z.maxLength(surveyIssues.length))),
  /** In the person's own words: up to 2000 UTF-16 code units. */
  comment: z.optional(z.string().check(z.maxLength(2_000), z.regex(storable))),
});

/** What a participant thought of a call. */
export type Survey = z.infer<typeof surveySchema>;
