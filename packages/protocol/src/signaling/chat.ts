import * as z from 'zod/mini';

/** The longest message, in UTF-16 code units. */
export const maxChatTextLength = 2_000;

/** How many messages of a call are kept for those who come later. */
export const keptChatMessages = 200;

/** Half of a surrogate pair is no text: it could be neither stored nor shown. */
export const chatTextSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(maxChatTextLength), z.regex(/^\P{Cs}*$/u));

/** A message to everyone in the call; who sent it is said by the server. */
export const chatMessageSchema = z.object({
  id: z.string(),
  /** Who sent it may have left meanwhile, hence the name. */
  participantId: z.string(),
  userId: z.string(),
  displayName: z.string(),
  text: z.string(),
  sentAtMs: z.number(),
});

export type ChatMessage = z.infer<typeof chatMessageSchema>;
