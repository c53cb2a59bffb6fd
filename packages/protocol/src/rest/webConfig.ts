import * as z from 'zod';

/** The users and the room that the demo offers by a click. */
export const webDemoSchema = z.object({
  users: z.array(
    z.object({ id: z.string(), email: z.string(), password: z.string(), displayName: z.string() }),
  ),
  room: z.object({ id: z.string(), guestLink: z.string() }),
});

/** `GET /web-config.json`: what the meeting page has to know before anybody has signed in. */
export const webConfigSchema = z.object({
  /** The application that people sign in to; the page asks for it when it is left out. */
  publicKey: z.string().optional(),
  /** Only while the platform runs its demo. */
  demo: webDemoSchema.optional(),
});

export type WebDemo = z.infer<typeof webDemoSchema>;
export type WebConfig = z.infer<typeof webConfigSchema>;
