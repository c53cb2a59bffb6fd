import { findGuestLink, invalidLink } from '../guestLinks/findGuestLink.ts';
import type { Prepare } from '../operations/handlerTypes.ts';

/** Finds the link that a visitor brings, and whether its application may be used from there. */
export const admitGuest: Prepare<'createGuestSession'> = async ({
  context: { database },
  body: { code },
  admitVisitor,
}) => {
  const link = await findGuestLink(database, code);
  if (link === undefined) {
    throw invalidLink();
  }
  await admitVisitor(link);

  return link;
};
