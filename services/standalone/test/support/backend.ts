import { applicationSchema, apiKeyWithSecretSchema, issuedTokenSchema } from '@parley/protocol/rest';
import { TestClient } from '../../../sfu/test/support/TestClient.ts';

/** Of the platforms in these tests. */
export const operatorKey = 'operator-key-of-the-tests-32-characters';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the answer has none. */
  readonly body: unknown;
}

/** A customer's backend: an application made over REST, with a key that has every right. */
export interface Backend {
  readonly url: string;
  readonly applicationId: string;
  /** `key_…` */
  readonly keyId: string;
  /** `sk_…` */
  readonly secret: string;
  /** Any answer, whatever its status. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The body of an answer that must be a success. */
  do(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** A session token of the user. */
  token(userId: string, grant?: object): Promise<string>;
  /** One device, connected. */
  connectWith(token: string): Promise<TestClient>;
}

/** Sends a request with that credential. */
export async function ask(
  url: string,
  credential: string | undefined,
  [method, path, body]: readonly [method: string, path: string, body?: unknown],
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();

  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** Makes an application with a key of every right, as the guide says. */
export async function createBackend(url: string, application: object = {}): Promise<Backend> {
  const operate = async (path: string, body: object) =>
    succeeded(await ask(url, operatorKey, ['POST', path, body]));
  const { id: applicationId } = applicationSchema.parse(
    await operate('/v1/applications', { name: 'Test', ...application }),
  );
  const { id: keyId, secret } = apiKeyWithSecretSchema.parse(
    await operate(`/v1/applications/${applicationId}/keys`, { name: 'test', rights: ['admin'] }),
  );
  const backend: Backend = {
    url,
    applicationId,
    keyId,
    secret,
    ask: (method, path, body) => ask(url, secret, [method, path, body]),
    do: async (method, path, body) => succeeded(await backend.ask(method, path, body)),
    token: async (userId, grant = {}) =>
      issuedTokenSchema.parse(await backend.do('POST', `/v1/users/${userId}/tokens`, grant)).token,
    async connectWith(token) {
      const client = await TestClient.connect(url, token);
      await client.welcome();

      return client;
    },
  };

  return backend;
}

function succeeded({ status, body }: Answer): Record<string, unknown> {
  if (status >= 300) {
    throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`);
  }

  return (body ?? {}) as Record<string, unknown>;
}
