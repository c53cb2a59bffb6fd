import type { Room, Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { CreateGuestLink, GuestLinkWithUrl } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { makeSecret } from '../security/secrets.ts';
import { toGuestLinkAnswer } from './guestLinkAnswer.ts';
import { guestLinkUrl } from './guestLinkUrl.ts';

/** Makes a link to a room for people without an account; it ends with the room at the latest. */
export async function makeGuestLink(
  { publicUrl, clock }: Pick<ApiContext, 'publicUrl' | 'clock'>,
  database: Transaction,
  room: Room,
  { role, expiresInSeconds = Infinity, maxUses }: CreateGuestLink,
): Promise<GuestLinkWithUrl> {
  const nowMs = clock.now();
  if (room.validUntil.getTime() <= nowMs) {
    throw new ProtocolError('outside_room_window', 'The room has ended.');
  }
  const { id, secret: code, hash } = makeSecret();
  const link = await database.guestLink.create({
    data: {
      id,
      applicationId: room.applicationId,
      roomId: room.id,
      secretHash: hash,
      role,
      expiresAt: new Date(Math.min(room.validUntil.getTime(), nowMs + expiresInSeconds * 1000)),
      maxUses: maxUses ?? null,
      createdAt: new Date(nowMs),
    },
  });

  return { ...toGuestLinkAnswer(link), url: guestLinkUrl(publicUrl, code) };
}
