import { ProtocolError } from '@parley/protocol';
import type { CreateGuestLink, GuestLink } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { makeSecret } from '../security/secrets.ts';
import { guestLinkUrl } from './guestLinkUrl.ts';

/** Makes a link to a room for people without an account; it ends with the room at the latest. */
export async function createGuestLink(
  { database, publicUrl, clock }: Pick<ApiContext, 'database' | 'publicUrl' | 'clock'>,
  { applicationId, roomId }: { applicationId: string; roomId: string },
  { role, expiresInSeconds = Infinity, maxUses }: CreateGuestLink,
): Promise<GuestLink> {
  const room = await database.room.findUnique({ where: { applicationId_id: { applicationId, id: roomId } } });
  if (room === null) {
    throw new ProtocolError('room_not_found');
  }
  const nowMs = clock.now();
  if (room.validUntil.getTime() <= nowMs) {
    throw new ProtocolError('outside_room_window', 'The room has ended.');
  }
  const expiresAt = new Date(Math.min(room.validUntil.getTime(), nowMs + expiresInSeconds * 1000));
  const { id, secret: code, hash } = makeSecret();
  await database.guestLink.create({
    data: { id, applicationId, roomId, secretHash: hash, role, expiresAt, maxUses: maxUses ?? null },
  });

  return {
    id,
    url: guestLinkUrl(publicUrl, code),
    role,
    expiresAt: expiresAt.toISOString(),
    ...(maxUses === undefined ? {} : { maxUses }),
  };
}
