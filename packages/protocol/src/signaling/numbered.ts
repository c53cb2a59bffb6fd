import * as z from 'zod/mini';

/**
 * A notification as it is kept for a client that missed it; `data` is parsed by the schema of its name, as that of
 * one that arrives by itself.
 */
export const numberedNotificationSchema = z.object({
  name: z.string(),
  data: z.unknown(),
  /** Counts the notifications of one participant from 1, without a gap. */
  sequence: z.int(),
});

export type NumberedNotification = z.infer<typeof numberedNotificationSchema>;
