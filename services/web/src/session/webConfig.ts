import type { WebConfig } from '@parley/protocol/rest';
import * as z from 'zod/mini';

const demoUserSchema = z.object({
  id: z.string(),
  email: z.string(),
  password: z.string(),
  displayName: z.string(),
});

/** What the server tells the page before anybody has signed in. */
export const webConfigSchema = z.object({
  /** Names the application that people sign in to; without it they type it. */
  publicKey: z.optional(z.string()),
  /** Only while the platform runs as a demo. */
  demo: z.optional(
    z.object({
      users: z.array(demoUserSchema),
      room: z.object({ id: z.string(), guestLink: z.string() }),
    }),
  ),
}) satisfies z.ZodMiniType<WebConfig>;

export type { WebConfig };
export type DemoUser = z.infer<typeof demoUserSchema>;
