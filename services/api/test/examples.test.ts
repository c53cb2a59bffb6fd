import {
  exampleWorld,
  operationExamples,
  operationNames,
  operations,
  type AnyExample,
  type OperationDescription,
  type OperationName,
} from '@parley/protocol/rest';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExampleWorld, serveExampleNode, type WorldCredentials } from './exampleWorld.ts';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  serveExampleNode(api);
});
afterAll(() => api.close());

const ofNew = ['/createdAt', '/id'];

/** What of an answer is different each time, unless the example asks for it by name. */
const varying: Partial<Record<OperationName, readonly string[]>> = {
  createUser: [
    ...ofNew,
    '/token/token',
    '/token/expiresAt',
    '/accessToken/id',
    '/accessToken/createdAt',
    '/accessToken/accessToken',
  ],
  issueToken: ['/token', '/expiresAt'],
  createAccessToken: [...ofNew, '/accessToken'],
  createSession: ['/token', '/expiresAt'],
  createGuestSession: ['/token', '/expiresAt'],
  createRoom: [...ofNew, '/validFrom', '/validUntil'],
  createGuestLink: [...ofNew, '/expiresAt', '/url'],
  createApplication: [...ofNew, '/publicKey'],
  createApiKey: [...ofNew, '/secret'],
  listAuditEntries: ['/items/0/id'],
  listOperatorAuditEntries: ['/items/0/id'],
  listSigningKeys: ['/items/0/kid', '/items/0/createdAt'],
  rotateSigningKey: ['/kid', '/createdAt'],
};

/** A session token is too long to be shown whole; the id of an entry is a count. */
const ofAnyLength = /\/token$|\/items\/0\/id$/;

const cases = operationNames.flatMap((name) => {
  const examples: readonly AnyExample[] = operationExamples[name];

  return examples.map((example) => ({ name, example, title: example.summary }));
});

describe('every documented example', () => {
  it.for(cases)('$name: $title', async ({ name, example }) => {
    const operation: OperationDescription = operations[name];
    const credential = await credentialFor(name, await makeExampleWorld(api));
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_braces, parameter: string) =>
      encodeURIComponent(example.params?.[parameter] ?? ''),
    );
    const { method } = operation;
    const sending = request(api.app);
    const asked = sending[method](path).query(example.query ?? {});
    const signed = credential === undefined ? asked : asked.set('Authorization', credential);

    const answer = await (example.body === undefined ? signed : signed.send(example.body));

    keepSecretsOf(answer.body);
    expect([answer.status, answer.body.detail]).toEqual([operation.status, undefined]);
    const expected = operation.answer === undefined ? {} : example.answer;
    const free = (varying[name] ?? []).filter((pointer) => !(pointer.slice(1) in (example.body ?? {})));
    expect(masked(answer.body, free)).toEqual(masked(expected, free));
  });

  it('is given for every operation, and sends what the schemas take', () => {
    expect(Object.keys(operationExamples).toSorted()).toEqual(operationNames.toSorted());
    const faults = cases.flatMap(({ name, example }) => {
      const { query, body, answer }: OperationDescription = operations[name];

      return [
        query?.safeParse(example.query ?? {}).error,
        body?.safeParse(example.body).error,
        answer?.safeParse(example.answer).error,
      ].filter((error) => error !== undefined);
    });

    expect(faults).toEqual([]);
  });
});

/** Value of the Authorization header; undefined for operations that need none. */
async function credentialFor(name: OperationName, world: WorldCredentials): Promise<string | undefined> {
  const credentials = {
    public: undefined,
    provision: world.key,
    admin: world.consoleKey,
    owner: api.operatorKey,
    operator: api.operatorKey,
  };
  const { access } = operations[name];

  return access === 'user' ? tokenOfAlice(world) : credentials[access];
}

async function tokenOfAlice({ key }: WorldCredentials): Promise<string> {
  const path = `/v1/users/${exampleWorld.alice.id}/tokens`;
  const { body } = await request(api.app).post(path).set('Authorization', key).send({});

  return `Bearer ${api.keepSecret(body.token)}`;
}

function keepSecretsOf({ token, accessToken, secret }: Record<string, unknown>): void {
  for (const value of [token, accessToken, secret]) {
    if (typeof value === 'string') {
      api.keepSecret(value);
    }
  }
}

/** The value with what is free replaced by its kind and its length. */
function masked(value: unknown, free: readonly string[], pointer = ''): unknown {
  if (typeof value === 'string') {
    return free.includes(pointer)
      ? `a text${ofAnyLength.test(pointer) ? '' : ` of ${value.length} characters`}`
      : value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => masked(item, free, `${pointer}/${index}`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(item, free, `${pointer}/${key}`)]),
    );
  }

  return value;
}
