import type { TokenResponse } from '@parley/protocol/rest';
import request from 'supertest';
import type { TestApi, TestApplication } from './testApi.ts';

/** Sends a form to an endpoint of OAuth. */
export const postForm = (api: TestApi, path: string, fields: Record<string, string>) =>
  request(api.app).post(path).type('form').send(fields);

/** `key_…` and `sk_…` out of the header that sends them elsewhere. */
export function clientOf(key: string): { client_id: string; client_secret: string } {
  const secret = key.replace('Bearer ', '');

  return { client_id: `key_${secret.slice('sk_'.length, 'sk_'.length + 16)}`, client_secret: secret };
}

export function basicOf(key: string): string {
  const { client_id, client_secret } = clientOf(key);

  return `Basic ${btoa(`${client_id}:${client_secret}`)}`;
}

/** A user of the application with a password, and what signing in as them gives. */
export interface SignedInUser {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly tokens: TokenResponse & { readonly refresh_token: string };
}

export async function signInNewUser(
  api: TestApi,
  application: TestApplication,
  options: { userId: string; admin?: boolean; scope?: string },
): Promise<SignedInUser> {
  const { userId, admin = false, scope = 'openid' } = options;
  const [email, password] = [`${userId}@example.org`, `the password of ${userId}`];
  await request(api.app)
    .post('/v1/users')
    .set('Authorization', admin ? await application.keyWith(['admin']) : application.key)
    .send({ id: userId, email, password: api.keepSecret(password), admin });
  const { body } = await postForm(api, '/v1/oauth/token', {
    grant_type: 'password',
    client_id: application.publicKey,
    username: email,
    password,
    scope,
  });
  api.keepSecret(body.access_token);
  api.keepSecret(body.refresh_token);

  return { userId, email, password, tokens: body };
}
