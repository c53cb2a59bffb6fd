import * as z from 'zod/mini';
import { callSnapshotSchema, endReasonNameSchema } from './call.ts';
import { mediaParametersSchema, mediaStateSchema, restartedIceSchema } from './media.ts';
import { numberedNotificationSchema } from './numbered.ts';
import { iceServerSchema } from './rtp.ts';

/** Another node is the home of the call: connect there and ask again. */
export const redirectSchema = z.object({ action: z.literal('redirect'), url: z.string() });

/** The client's own place in a call, and where its numbered notifications begin. */
const place = {
  participantId: z.string(),
  resumeToken: z.string(),
  /** Of the last notification that the snapshot includes; the next one has the number after it. */
  sequence: z.int(),
};

/** The answer to every request that enters a call: all that is needed to send and receive. */
export const joinedSchema = z.object({
  action: z.literal('joined'),
  ...place,
  call: callSnapshotSchema,
  media: mediaParametersSchema,
});

export type Joined = z.infer<typeof joinedSchema>;

/** Let in later, or not: `admitted` or `callEnded` follows. */
const waitingSchema = z.object({
  action: z.literal('lobby'),
  ...place,
  call: z.object({ id: z.string(), roomId: z.optional(z.string()) }),
});

export type Waiting = z.infer<typeof waitingSchema>;

export const enteredSchema = z.discriminatedUnion('action', [joinedSchema, waitingSchema, redirectSchema]);

export type Entered = z.infer<typeof enteredSchema>;

/** Everything as it is now. */
export const snapshotSchema = z.object({
  /** Of the last notification that is included; the next one has the number after it. */
  sequence: z.int(),
  call: callSnapshotSchema,
  /** Missing while the media is on its way to other transports, of which the client is told by themselves. */
  media: z.optional(mediaStateSchema),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

/** What the client has missed: the notifications themselves, or where too many were, everything anew. */
const catchUp = {
  resumeToken: z.string(),
  iceServers: z.array(iceServerSchema),
  missed: z.array(numberedNotificationSchema),
  /** Of the last notification that this answer makes up for; the next one has the number after it. */
  sequence: z.int(),
  snapshot: z.optional(snapshotSchema),
};

export const resumedSchema = z.discriminatedUnion('action', [
  /** The place and its media are there; both transports have been given new ICE credentials. */
  z.object({ action: z.literal('resume'), ...catchUp, ice: restartedIceSchema }),
  /** The place is there and its media is not: build it anew, under the same ids. */
  z.object({ action: z.literal('rejoin'), ...catchUp, media: mediaParametersSchema }),
  /** Still, or again, before the door. */
  z.object({ action: z.literal('lobby'), ...catchUp }),
  z.object({ action: z.literal('stop'), reason: endReasonNameSchema }),
  redirectSchema,
]);

export type Resumed = z.infer<typeof resumedSchema>;
