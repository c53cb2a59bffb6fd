import {
  operationExamples,
  operationNames,
  operations,
  type OperationAnswer,
  type OperationDescription,
  type OperationName,
} from '@parley/protocol/rest';
import { describe, expect, it } from 'vitest';
import { ManagementClient, type Listing } from '../src/index.ts';
import { startService } from './support/startService.ts';

/** What a method answers: of an operation that comes in pages, the list of its items. */
type Answered<Answer> = [Answer] extends [undefined]
  ? Promise<void>
  : 'nextCursor' extends keyof Answer
    ? Answer extends { items: infer Items extends readonly unknown[] }
      ? Listing<Items[number]>
      : never
    : Promise<Answer>;

type Calls = {
  readonly [Name in OperationName]: (client: ManagementClient) => Answered<OperationAnswer<Name>>;
};

/** An id that breaks a path it is not encoded in. */
const id = 'a/b?c#d%e';

/** How each operation is asked for. A new operation makes the compiler ask for its line here. */
const calls: Calls = {
  createUser: ({ users }) => users.create({ id: 'alice' }),
  listUsers: ({ users }) => users.list({ kind: 'guest' }),
  getUser: ({ users }) => users.get(id),
  updateUser: ({ users }) => users.update(id, { displayName: null }),
  deleteUser: ({ users }) => users.delete(id),
  issueToken: ({ tokens }) => tokens.issue(id, { scopes: ['rooms.join'] }),
  revokeTokens: ({ tokens }) => tokens.revoke(id, { accessTokens: true }),
  createAccessToken: ({ accessTokens }) => accessTokens.create(id, { name: 'Phone' }),
  listAccessTokens: ({ accessTokens }) => accessTokens.list(id),
  revokeAccessToken: ({ accessTokens }) => accessTokens.revoke(id, id),
  createSession: ({ sessions }) => sessions.create({ accessToken: 'at_' }),
  getAnonymousDestinations: ({ anonymousDestinations }) => anonymousDestinations.get(),
  putAnonymousDestinations: ({ anonymousDestinations }) =>
    anonymousDestinations.put({ destinations: ['bob'] }),
  deleteAnonymousDestinations: ({ anonymousDestinations }) => anonymousDestinations.delete(),
  createGuestSession: ({ sessions }) => sessions.createForGuest({ code: 'code', displayName: 'Erin' }),
  createRoom: ({ rooms }) => rooms.create({ access: 'open' }),
  listRooms: ({ rooms }) => rooms.list(),
  getRoom: ({ rooms }) => rooms.get(id),
  updateRoom: ({ rooms }) => rooms.update(id, { roster: { bob: null } }),
  deleteRoom: ({ rooms }) => rooms.delete(id),
  createGuestLink: ({ guestLinks }) => guestLinks.create(id, { maxUses: 1 }),
  listGuestLinks: ({ guestLinks }) => guestLinks.list(id),
  revokeGuestLink: ({ guestLinks }) => guestLinks.revoke(id, id),
  listCalls: ({ calls: records }) => records.list({ state: 'live' }),
  getCall: ({ calls: records }) => records.get(id),
  endCall: ({ calls: records }) => records.end(id),
  removeParticipant: ({ calls: records }) => records.removeParticipant(id, id),
  muteParticipant: ({ calls: records }) => records.muteParticipant(id, id),
  getCallStats: ({ calls: records }) =>
    records.stats({ from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' }),
  listContacts: ({ own }) => own.contacts(),
  listMyCalls: ({ own }) => own.calls(),
  createApplication: ({ applications }) => applications.create({ name: 'Acme' }),
  listApplications: ({ applications }) => applications.list(),
  getApplication: ({ applications }) => applications.get(id),
  updateApplication: ({ applications }) => applications.update(id, { limits: { requestsPerMinute: null } }),
  deleteApplication: ({ applications }) => applications.delete(id),
  createApiKey: ({ apiKeys }) => apiKeys.create(id, { name: 'Backend', rights: ['provision'] }),
  listApiKeys: ({ apiKeys }) => apiKeys.list(id),
  revokeApiKey: ({ apiKeys }) => apiKeys.revoke(id, id),
  listAuditEntries: ({ auditEntries }) => auditEntries.list(),
  listOperatorAuditEntries: ({ auditEntries }) => auditEntries.listForOperator({ applicationId: 'acme' }),
  listSigningKeys: ({ signingKeys }) => signingKeys.list(),
  rotateSigningKey: ({ signingKeys }) => signingKeys.rotate(),
};

describe.for(operationNames)('%s', (name) => {
  const { method, path, status, query, body, idempotency }: OperationDescription = operations[name];
  const { nextCursor: _cursor, ...answer } = { nextCursor: undefined, ...operationExamples[name][0].answer };

  it('reaches its place, with what its schemas take, and hands the answer over', async () => {
    await using service = await startService(() => ({ status, body: answer }));
    const client = new ManagementClient({ url: service.url, key: 'sk_' });

    const called = calls[name](client);
    const handed = 'toArray' in called ? { items: await called.toArray() } : await called;

    const [request] = service.seen;
    const url = new URL(request?.path ?? '', service.url);
    expect([request?.method, url.pathname]).toEqual([
      method.toUpperCase(),
      path.replaceAll(/\{\w+\}/g, encodeURIComponent(id)),
    ]);
    expect(query?.safeParse(Object.fromEntries(url.searchParams)).error).toBeUndefined();
    expect(body?.safeParse(JSON.parse(request?.body ?? '')).error).toBeUndefined();
    expect(request?.headers['idempotency-key'] !== undefined).toBe(idempotency !== undefined);
    expect(handed ?? {}).toEqual(answer);
  });
});
