import {
  operationNames,
  operations,
  answerComponents,
  requestComponents,
  type OperationDescription,
  type OperationName,
} from '@parley/protocol/rest';
import * as fc from 'fast-check';
import type * as z from 'zod';
import { bodyOf, schemaNamed, valueOf, wildText } from './fuzzValues.ts';
import type { Tenant } from './tenant.ts';

/** A request as it goes out. */
export interface FuzzedRequest {
  /** The operation it is for, as far as it is for one. */
  readonly name?: OperationName;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface FuzzWorld {
  /** Stays as it is, so that requests reach something. */
  readonly kept: Tenant;
  /** For what deletes, ends or closes. */
  readonly spent: Tenant;
  readonly operatorKey: string;
}

/** Requests for every operation, from good ones to such as no client would send. */
export function operationRequest(world: FuzzWorld): fc.Arbitrary<FuzzedRequest> {
  return fc.oneof(...operationNames.map((name) => requestFor(name, world)));
}

function requestFor(name: OperationName, world: FuzzWorld): fc.Arbitrary<FuzzedRequest> {
  const operation: OperationDescription = operations[name];
  const { method, path, query, body } = operation;
  const doesHarm = method === 'delete' || name === 'endCall' || name === 'updateApplication';
  const tenant = doesHarm ? world.spent : world.kept;
  // Nothing could be asked of an application any more that is gone.
  const ids = name === 'deleteApplication' ? { applicationId: 'nowhere' } : tenant.ids;

  return fc
    .record({
      path: pathFor(path, ids),
      search: query === undefined ? mostly('', fc.webQueryParameters()) : searchFor(query),
      credential: credentialFor(operation, tenant, world),
      headers: oddHeaders(),
      body:
        body === undefined
          ? mostly(undefined, rawBody())
          : fc.option(sentBody(body, tenant), { nil: undefined, freq: 20 }),
    })
    .map((parts) => ({
      name,
      method: method.toUpperCase(),
      path: parts.path + (parts.search === '' ? '' : `?${parts.search}`),
      headers: {
        ...(parts.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(parts.credential === undefined ? {} : { Authorization: parts.credential }),
        ...parts.headers,
      },
      ...(parts.body === undefined ? {} : { body: parts.body }),
    }));
}

/** Requests for places that do not exist, or exist for another method. */
export function strayRequest(): fc.Arbitrary<FuzzedRequest> {
  return fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'),
      path: fc.oneof(
        fc.webPath().map((path) => `/v1${path}`),
        fc.constantFrom(...operationNames.map((name) => operations[name].path)),
        fc.constantFrom(
          '//',
          '/v1/users/%',
          '/v1/users/%zz',
          '/v1/users/%00',
          '/v1/users/%c3%28',
          '/v1/users/a%2fb',
          '/v1/users//tokens',
          '/v1/%75sers',
          '/V1/USERS/',
          '/assets/%2e%2e/index.html',
          '/assets/..%5cindex.html',
          '/docs/%00',
          '/sdk/%ff',
          '/join%00',
        ),
      ),
      headers: oddHeaders(),
      body: fc.option(rawBody(), { nil: undefined }),
    })
    .map(({ body, ...rest }) => ({ ...rest, ...(body === undefined ? {} : { body }) }));
}

/** Forms for the OAuth endpoints. */
export function oauthRequest({ kept }: FuzzWorld): fc.Arbitrary<FuzzedRequest> {
  const value = fc.oneof(
    wildText,
    fc.constantFrom(
      'password',
      'client_credentials',
      'refresh_token',
      'openid',
      'nobody@example.org',
      'wrong password',
      kept.publicKey,
      String(kept.ids['keyId']),
      kept.accessToken,
    ),
  );
  const field = fc.constantFrom(
    'grant_type',
    'client_id',
    'client_secret',
    'username',
    'password',
    'refresh_token',
    'scope',
    'token',
    'token_type_hint',
    '__proto__',
    'constructor',
    'a[b][c]',
  );

  return fc
    .record({
      path: fc.constantFrom(
        '/v1/oauth/token',
        '/cpaas/auth/v1/token',
        '/v1/oauth/revoke',
        '/v1/oauth/introspect',
      ),
      form: fc.array(fc.tuple(field, value), { maxLength: 8 }),
      headers: oddHeaders(),
      raw: mostly(undefined, rawBody()),
    })
    .map(({ path, form, headers, raw }) => ({
      method: 'POST',
      path,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: raw ?? form.map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join('&'),
    }));
}

function mostly<Usual, Odd>(usual: Usual, odd: fc.Arbitrary<Odd>): fc.Arbitrary<Usual | Odd> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
}

/** Without any, the path would be another one. */
const someText = wildText.filter((text) => text !== '');

/** Mostly of things that are there. */
function pathFor(template: string, ids: Tenant['ids']): fc.Arbitrary<string> {
  const parts = template.split(/\{(\w+)\}/);
  const texts = parts.map((part, index) =>
    index % 2 === 0
      ? fc.constant(part)
      : mostly(String(ids[part]), someText).map((id) => encodeURIComponent(id.toWellFormed())),
  );

  return fc.tuple(...texts).map((each) => each.join(''));
}

function searchFor(query: z.ZodType): fc.Arbitrary<string> {
  const text = (value: unknown): string => String(value).toWellFormed();
  const good = fc
    .tuple(valueOf(schemaNamed(nameOf(query))), mostly(undefined, wildText))
    .map(([values, cursor]) =>
      // One made up is a cursor of no list.
      Object.entries({ ...(values as object), cursor })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${encodeURIComponent(text(name))}=${encodeURIComponent(text(value))}`)
        .join('&'),
    );

  return fc.oneof(
    { weight: 8, arbitrary: good },
    { weight: 2, arbitrary: fc.webQueryParameters() },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'limit=1&limit=2',
        'limit[]=1',
        'limit[a]=1',
        'cursor=%00',
        'cursor=AA',
        'cursor=////',
        'cursor=__proto__',
        '__proto__[limit]=1',
        'constructor=1',
        '%',
        '&&&=',
      ),
    },
  );
}

/** The one the operation asks for, mostly. */
function credentialFor(
  { access }: OperationDescription,
  { credentials, key }: Tenant,
  { operatorKey }: FuzzWorld,
): fc.Arbitrary<string | undefined> {
  const usual = {
    public: undefined,
    user: credentials.user,
    provision: key,
    admin: credentials.adminKey,
    owner: credentials.adminKey,
    operator: operatorKey,
  }[access];

  return mostly(
    usual,
    fc.constantFrom(
      undefined,
      ...Object.values(credentials),
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      'Bearer sk_',
      `Bearer sk_${'a'.repeat(59)}`,
      `Bearer ${'a.'.repeat(3_000)}`,
      'Bearer eyJhbGciOiJub25lIn0.e30.',
      'Bearer eyJhbGciOiJFZERTQSJ9.bm90IGpzb24.AAAA',
    ),
  );
}

function oddHeaders(): fc.Arbitrary<Record<string, string>> {
  const visible = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,300}$/).map((text) => text.trim());

  return mostly<Record<string, string>, Record<string, string>>(
    {},
    fc.oneof(
      fc.constantFrom<Record<string, string>>(
        { 'Content-Type': 'text/plain' },
        { 'Content-Type': 'application/json; charset=utf-7' },
        { 'Content-Type': 'application/json; charset=utf-16' },
        { 'Content-Type': ';;;' },
        { 'Content-Encoding': 'gzip' },
        { 'Content-Encoding': 'br' },
        { 'Content-Encoding': 'zstd, zstd' },
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { Origin: 'http://[' },
        { Accept: 'image/png' },
        { 'If-None-Match': '*' },
        { Range: 'bytes=5-1' },
        { 'X-HTTP-Method-Override': 'DELETE' },
        { Upgrade: 'h2c' },
        { Cookie: '__proto__=1; a=%ff' },
      ),
      visible.map((text) => ({ 'Idempotency-Key': text })),
      fc.constantFrom('one', 'two').map((key) => ({ 'Idempotency-Key': key })),
      visible.map((text) => ({ Authorization: text })),
      visible.map((text) => ({ 'X-Forwarded-For': text })),
    ),
  );
}

function sentBody(schema: z.ZodType, tenant: Tenant): fc.Arbitrary<string | Uint8Array> {
  const json = fc
    .tuple(bodyOf(schemaNamed(nameOf(schema))), mostly(true, fc.constant(false)))
    .map(([body, isKnown]) => JSON.stringify(isKnown ? withSecrets(body, tenant) : body) ?? 'null');

  return fc.oneof({ weight: 14, arbitrary: json }, { weight: 1, arbitrary: rawBody() });
}

/** No secret is found by chance: where the body has one, it is one that opens something. */
function withSecrets(body: unknown, { guestCode, accessToken }: Tenant): unknown {
  const secrets = { code: guestCode, accessToken };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return body;
  }
  const known = Object.entries(secrets).filter(([name]) => Object.hasOwn(body, name));

  return known.length === 0 ? body : { ...body, ...Object.fromEntries(known) };
}

/** What is not JSON, or barely. */
function rawBody(): fc.Arbitrary<string | Uint8Array> {
  return fc.oneof(
    fc.constantFrom(
      '',
      '{',
      '{"a":',
      'null',
      '"text"',
      '1e999',
      '[1,]',
      '\ufeff{}',
      '{"a":1}{"a":2}',
      '{"id":"a","id":"b"}',
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{"admin":true}}}',
      '['.repeat(20_000),
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      `{"metadata":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`,
      `{"displayName":"${'a'.repeat(120_000)}"}`,
    ),
    fc.uint8Array({ maxLength: 60 }),
    wildText,
  );
}

const names = new Map<z.ZodType, string>(
  Object.entries({ ...answerComponents, ...requestComponents }).map(([name, schema]) => [schema, name]),
);

function nameOf(schema: z.ZodType): string {
  return names.get(schema) ?? '';
}
