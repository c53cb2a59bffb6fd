import type { Job } from './Job.ts';

/** Removes signing keys whose last token has expired. There are a handful of them. */
export const removeSigningKeys: Job = async ({ services: { database, clock } }) => {
  const { count } = await database.signingKey.deleteMany({
    where: { verifiesUntil: { lte: new Date(clock.now()) } },
  });

  return count;
};
