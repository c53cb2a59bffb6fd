import type { Backplane } from '@parley/backplane';
import { ProtocolError, type SessionScope } from '@parley/protocol';
import type { Contact } from '@parley/protocol/rest';
import type { Handler } from '../operations/handlerTypes.ts';
import { ownUserId } from '../principals/ownUserId.ts';
import type { Principal } from '../principals/Principal.ts';
import { toPage, toPageRequest } from '../requests/paging.ts';

export const listContacts: Handler<'listContacts'> = async (call) => {
  const { context, database, applicationId, principal, query } = call;
  const userId = ownUserId(principal);
  requireScope(principal, 'calls');
  const application = await database.application.findUniqueOrThrow({
    where: { id: applicationId },
    select: { contacts: true },
  });
  if (!application.contacts) {
    throw new ProtocolError('forbidden', 'The application does not show its users to each other.');
  }
  const page = toPageRequest(query);
  const others = await database.user.findMany({
    where: {
      applicationId,
      kind: 'user',
      id: { not: userId, ...(page.after === undefined ? {} : { gt: page.after }) },
    },
    select: { id: true, displayName: true },
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });
  const presenceOf = await readPresence(
    context.backplane,
    applicationId,
    others.map(({ id }) => id),
  );

  return toPage(others, page, ({ id, displayName }) => ({ id, displayName, presence: presenceOf(id) }));
};

/** A token that only joins what its user was invited to shows nobody else. */
function requireScope(principal: Principal, scope: SessionScope): void {
  if (principal.kind !== 'session' || !principal.claims.scopes.includes(scope)) {
    throw new ProtocolError('forbidden', `The token lacks the scope "${scope}".`);
  }
}

/** Two questions for a whole page. */
async function readPresence(
  { presence, callDirectory }: Pick<Backplane, 'presence' | 'callDirectory'>,
  applicationId: string,
  userIds: readonly string[],
): Promise<(userId: string) => Contact['presence']> {
  const [connected, busy] = await Promise.all([
    presence.connectedAmong(applicationId, userIds),
    callDirectory.busyAmong(applicationId, userIds),
  ]);

  return (userId) => (busy.has(userId) ? 'busy' : connected.has(userId) ? 'online' : 'offline');
}
