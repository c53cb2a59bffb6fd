import { randomBytes } from 'node:crypto';
import { ProtocolError } from '@parley/protocol';
import { operations, type OperationDescription, type OperationName } from '@parley/protocol/rest';
import request, { type Response } from 'supertest';
import type { TestApi, TestApplication } from './testApi.ts';

/** An application in which there is one of everything that an operation can name. */
export interface Tenant extends TestApplication {
  /** Values of the Authorization header, by who has them. */
  readonly credentials: Readonly<Record<Credential, string>>;
  /** What the braces in a path stand for. */
  readonly ids: Readonly<Record<string, string>>;
  /** The secrets that visitors bring. */
  readonly guestCode: string;
  readonly accessToken: string;
  readonly administratorId: string;
}

export type Credential =
  'anonymousKey' | 'provisionKey' | 'adminKey' | 'administrator' | 'user' | 'guest' | 'visitor';

export async function createTenant(api: TestApi): Promise<Tenant> {
  const application = await api.createApplication();
  const { applicationId } = application;
  const [anonymousKey, adminKey] = [
    await application.keyWith(['anonymous']),
    await application.keyWith(['anonymous', 'provision', 'admin']),
  ];
  const post = async (path: string, body: object): Promise<Response> =>
    expectSuccess(await request(api.app).post(path).set('Authorization', adminKey).send(body));
  // Every id is one of its own: what is found by a neighbour's path is not found by chance.
  const unique = (name: string) => `${name}-${randomBytes(4).toString('hex')}`;

  const userId = unique('alice');
  await post('/v1/users', { id: userId });
  const { token: user } = (await post(`/v1/users/${userId}/tokens`, {})).body;
  const { id: accessTokenId, accessToken } = (await post(`/v1/users/${userId}/access-tokens`, {})).body;
  const { id: roomId } = (await post('/v1/rooms', { roster: { [userId]: 'presenter' } })).body;
  const { id: guestLinkId, url } = (await post(`/v1/rooms/${roomId}/guest-links`, {})).body;
  const guestCode = new URL(url).hash.slice(1);
  const { token: guest } = (await post('/v1/guest-sessions', { code: guestCode, displayName: 'Guest' })).body;
  const { id: keyId } = (
    await post(`/v1/applications/${applicationId}/keys`, { name: 'Spare', rights: ['provision'] })
  ).body;
  const asAdmin = { Authorization: adminKey };
  expectSuccess(
    await request(api.app).patch(`/v1/applications/${applicationId}`).set(asAdmin).send({ contacts: true }),
  );
  expectSuccess(
    await request(api.app)
      .put('/v1/anonymous-destinations')
      .set(asAdmin)
      .send({ destinations: [userId] }),
  );
  const administrator = await signInAdministrator(api, application, adminKey);
  const call = await makeLiveCall(api, applicationId, userId);
  for (const secret of [user, guest, guestCode, accessToken, administrator.token]) {
    api.keepSecret(secret);
  }

  return {
    ...application,
    credentials: {
      anonymousKey,
      adminKey,
      provisionKey: application.key,
      administrator: `Bearer ${administrator.token}`,
      user: `Bearer ${user}`,
      guest: `Bearer ${guest}`,
      visitor: await anonymousToken(api, anonymousKey),
    },
    ids: { applicationId, userId, accessTokenId, roomId, guestLinkId, keyId, ...call },
    guestCode,
    accessToken,
    administratorId: administrator.id,
  };
}

/** The least of an application's credentials that an operation asks for; undefined when it asks for none. */
export function credentialFor(name: OperationName, api: TestApi, tenant: Tenant): string | undefined {
  const { adminKey, provisionKey, user } = tenant.credentials;

  return {
    public: undefined,
    operator: api.operatorKey,
    owner: adminKey,
    admin: adminKey,
    provision: provisionKey,
    user,
  }[operations[name].access];
}

/** Sends an operation about the tenant, one that succeeds when the credential allows it. */
export async function ask(
  api: TestApi,
  name: OperationName,
  tenant: Tenant,
  credential: string | undefined,
): Promise<Response> {
  const operation: OperationDescription = operations[name];
  const asked = request(api.app)[operation.method](pathOf(name, tenant.ids) + queryOf(name, tenant));
  const signed = credential === undefined ? asked : asked.set('Authorization', credential);
  const answer = await (operation.body === undefined ? signed : signed.send(bodyOf(name, tenant)));
  for (const secret of [answer.body?.secret, answer.body?.token, answer.body?.accessToken]) {
    if (typeof secret === 'string') {
      api.keepSecret(secret);
    }
  }

  return answer;
}

/** The path of an operation with the tenant's ids in its braces. */
export function pathOf(name: OperationName, ids: Tenant['ids']): string {
  return operations[name].path.replaceAll(/\{(\w+)\}/g, (_braces, parameter: string) => {
    const id = ids[parameter];
    if (id === undefined) {
      throw new Error(`createTenant() makes nothing for {${parameter}} of ${name}; add it.`);
    }

    return encodeURIComponent(id);
  });
}

/** A list as long as a page may be: other tests' applications are in the operator's. */
function queryOf(name: OperationName, { applicationId }: Tenant): string {
  if (name === 'getCallStats') {
    return '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';
  }

  if (name === 'listOperatorAuditEntries') {
    return `?limit=100&applicationId=${applicationId}`;
  }

  return name.startsWith('list') ? '?limit=100' : '';
}

/** Bodies that change something of the tenant, and so would be seen if they reached a neighbour. */
const bodies: Partial<Record<OperationName, (tenant: Tenant) => object>> = {
  createUser: () => ({ displayName: 'Bob' }),
  updateUser: () => ({ displayName: 'Changed' }),
  issueToken: () => ({}),
  createAccessToken: () => ({}),
  createSession: ({ accessToken }) => ({ accessToken }),
  putAnonymousDestinations: ({ ids }) => ({ destinations: [ids['userId']] }),
  createGuestSession: ({ guestCode }) => ({ code: guestCode, displayName: 'Visitor' }),
  createRoom: ({ ids }) => ({ roster: { [String(ids['userId'])]: 'attendee' } }),
  updateRoom: () => ({ name: 'Changed' }),
  createGuestLink: () => ({}),
  endCall: () => ({}),
  muteParticipant: () => ({}),
  createApplication: () => ({ name: 'Further' }),
  updateApplication: () => ({ name: 'Changed' }),
  createApiKey: () => ({ name: 'Further', rights: ['admin'] }),
  rotateSigningKey: () => ({}),
};

function bodyOf(name: OperationName, tenant: Tenant): object {
  const body = bodies[name];
  if (body === undefined) {
    throw new Error(`No body is known for ${name}; add one.`);
  }

  return body(tenant);
}

async function signInAdministrator(
  api: TestApi,
  { publicKey }: TestApplication,
  adminKey: string,
): Promise<{ id: string; token: string }> {
  const email = `root-${randomBytes(4).toString('hex')}@example.org`;
  const password = api.keepSecret(randomBytes(12).toString('base64url'));
  const { body: user } = expectSuccess(
    await request(api.app)
      .post('/v1/users')
      .set('Authorization', adminKey)
      .send({ email, password, admin: true }),
  );
  const form = { grant_type: 'password', client_id: publicKey, username: email, password, scope: 'openid' };
  const answer = await request(api.app).post('/v1/oauth/token').type('form').send(form);
  if (answer.status !== 200) {
    throw new Error(`The administrator cannot sign in: ${answer.status} ${answer.text}`);
  }

  return { id: user.id, token: answer.body.access_token };
}

async function anonymousToken(api: TestApi, key: string): Promise<string> {
  const secret = key.replace('Bearer ', '');
  const form = {
    grant_type: 'client_credentials',
    client_id: `key_${secret.slice('sk_'.length, 'sk_'.length + 16)}`,
    client_secret: secret,
  };
  const answer = await request(api.app).post('/v1/oauth/token').type('form').send(form);
  if (answer.status !== 200) {
    throw new Error(`No anonymous user: ${answer.status} ${answer.text}`);
  }

  return `Bearer ${api.keepSecret(answer.body.access_token)}`;
}

/** A live call with one participant, whose home node does what it is told of the two. */
async function makeLiveCall(
  { backplane, database }: TestApi,
  applicationId: string,
  userId: string,
): Promise<{ callId: string; participantId: string }> {
  const [callId, participantId, nodeId] = Array.from({ length: 3 }, () => randomBytes(8).toString('hex'));
  if (callId === undefined || participantId === undefined || nodeId === undefined) {
    throw new Error('Three ids were made.');
  }
  backplane.nodeCommands.handle(nodeId, async (command) => {
    if ('participantId' in command && command.participantId !== participantId) {
      throw new ProtocolError('not_found', 'There is no such participant.');
    }
  });
  await backplane.callDirectory.put({ applicationId, callId, nodeId, userIds: [userId] });
  const now = new Date();
  await database.callRecord.create({
    data: {
      applicationId,
      id: callId,
      kind: 'group',
      nodeId,
      startedAt: now,
      participants: {
        create: {
          id: participantId,
          userId,
          displayName: 'Alice',
          kind: 'user',
          role: 'presenter',
          joinedAt: now,
        },
      },
    },
  });

  return { callId, participantId };
}

function expectSuccess(answer: Response): Response {
  if (answer.status >= 300) {
    throw new Error(`${answer.request.method} ${answer.request.url}: ${answer.status} ${answer.text}`);
  }

  return answer;
}
