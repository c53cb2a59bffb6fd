import type { Handler } from '../operations/handlerTypes.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';
import { signingKeyAnswer } from './signingKeyAnswer.ts';

/** Those that verify; one whose tokens have all expired is no key any more. */
export const listSigningKeys: Handler<'listSigningKeys'> = async ({ context, database, query }) => {
  const page = toPageRequest(query);
  const rows = await database.signingKey.findMany({
    where: {
      OR: [{ verifiesUntil: null }, { verifiesUntil: { gt: new Date(context.clock.now()) } }],
      ...(page.after === undefined ? {} : { kid: { gt: page.after } }),
    },
    orderBy: { kid: 'asc' },
    take: page.limit + 1,
  });

  return toPage(
    rows.map((row) => ({ ...row, id: row.kid })),
    page,
    signingKeyAnswer,
  );
};
