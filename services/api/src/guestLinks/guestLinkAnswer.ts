import type { GuestLink as GuestLinkRow } from '@parley/db';
import type { GuestLink } from '@parley/protocol/rest';

/** A guest link as the API shows one; never its code, of which only a hash is kept. */
export function toGuestLinkAnswer({
  id,
  role,
  expiresAt,
  maxUses,
  uses,
  createdAt,
}: GuestLinkRow): GuestLink {
  return {
    id,
    role,
    expiresAt: expiresAt.toISOString(),
    ...(maxUses === null ? {} : { maxUses }),
    uses,
    createdAt: createdAt.toISOString(),
  };
}
