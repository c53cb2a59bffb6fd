import type { Room } from '@parley/db';
import { toRoomRecord } from '../admission/records.ts';
import { findGuestLink } from '../guestLinks/findGuestLink.ts';
import { codeOfGuestLink, guestLinkUrl } from '../guestLinks/guestLinkUrl.ts';
import { makeGuestLink } from '../guestLinks/makeGuestLink.ts';
import type { DemoContext } from './DemoContext.ts';
import type { Demo } from './demoSchema.ts';

const roomId = 'demo';
const dayMs = 24 * 60 * 60 * 1000;
const lifetimeMs = 180 * dayMs;
/** With less than that left the room is prolonged, and the link with it. */
const leastLifetimeMs = 90 * dayMs;

/** The open room under its fixed id, and a link that admits guests to it as collaborators. */
export async function ensureDemoRoom(
  context: DemoContext,
  applicationId: string,
  previousLink: string | undefined,
): Promise<Demo['room']> {
  const room = await ensureRoom(context, applicationId);
  const code = await validCode(context, room, previousLink);
  if (code !== undefined) {
    return { id: roomId, guestLink: guestLinkUrl(context.publicUrl, code) };
  }
  const { url } = await makeGuestLink(context, context.database, room, { role: 'collaborator' });

  return { id: roomId, guestLink: url };
}

async function ensureRoom({ database, admission, clock }: DemoContext, applicationId: string): Promise<Room> {
  const nowMs = clock.now();
  const where = { applicationId_id: { applicationId, id: roomId } };
  const validUntil = new Date(nowMs + lifetimeMs);
  const existing = await database.room.findUnique({ where });
  const isFresh = existing !== null && existing.validUntil.getTime() - nowMs >= leastLifetimeMs;
  const room = await database.room.upsert({
    where,
    create: {
      applicationId,
      id: roomId,
      name: 'Demo room',
      access: 'open',
      validFrom: new Date(nowMs),
      validUntil,
      maxParticipants: 100,
    },
    update: isFresh ? {} : { validUntil },
    include: { roster: true },
  });
  await admission.putRoom(toRoomRecord(room));

  return room;
}

/** The code of the previous link, if that still admits to the room for as long as the room lasts. */
async function validCode(
  { database }: DemoContext,
  room: Room,
  previousLink: string | undefined,
): Promise<string | undefined> {
  const code = previousLink === undefined ? undefined : codeOfGuestLink(previousLink);
  const link = code === undefined ? undefined : await findGuestLink(database, code);

  return link !== undefined &&
    link.applicationId === room.applicationId &&
    link.roomId === room.id &&
    link.expiresAt.getTime() >= room.validUntil.getTime()
    ? code
    : undefined;
}
