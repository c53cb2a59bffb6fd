import { Validator } from '@seriousme/openapi-schema-validator';
import { errorTable, type ErrorCode } from '@parley/protocol';
import {
  operationExamples,
  operationNames,
  operations,
  type AnyExample,
  type JsonSchema,
  type OperationDescription,
} from '@parley/protocol/rest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../src/openApi/openApiDocument.ts';
import type { OpenApiDocument, OperationObject, Parameter } from '../src/openApi/openApiTypes.ts';
import { startTestApi, type TestApi } from './testApi.ts';

let api: TestApi;
/** As a client reads it. */
let document: OpenApiDocument;

beforeAll(async () => {
  api = await startTestApi();
  document = (await request(api.app).get('/openapi.json')).body;
});
afterAll(() => api.close());

const oauthPathNames = ['/v1/oauth/token', '/v1/oauth/revoke', '/v1/oauth/introspect'];

const operationObjects = (): readonly OperationObject[] =>
  Object.values(document.paths).flatMap((item) => Object.values(item));

const objectOf = ({ path, method }: OperationDescription): OperationObject | undefined =>
  document.paths[path]?.[method];

describe('GET /openapi.json', () => {
  it('is for pages of every origin, and sent again only when it has changed', async () => {
    const answer = await request(api.app).get('/openapi.json').set('Origin', 'https://anywhere.example');

    expect([answer.status, answer.type]).toEqual([200, 'application/json']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, no-cache',
    });
    const etag = String(answer.headers['etag']);
    expect((await request(api.app).get('/openapi.json').set('If-None-Match', etag)).status).toBe(304);
  });

  it('is a valid document of OpenAPI 3.1', async () => {
    const validator = new Validator();

    const { valid, errors } = await validator.validate({ ...structuredClone(document) });

    expect([valid, errors]).toEqual([true, undefined]);
    expect(validator.version).toBe('3.1');
  });

  it('names where the service is: where the document was read, by whatever name, and the public URL', () => {
    const urlsOf = ({ servers }: OpenApiDocument) => servers.map(({ url }) => url);

    expect(urlsOf(openApiDocument('https://other.example'))).toEqual(['/', 'https://other.example']);
    expect(urlsOf(document)).toEqual(['/', 'https://calls.example']);
    const { securitySchemes } = document.components;
    expect(JSON.stringify(securitySchemes)).toContain('"tokenUrl":"/v1/oauth/token"');
    expect(JSON.stringify(securitySchemes)).not.toContain('https://calls.example');
  });
});

describe('the document', () => {
  it('has every operation of the table, and what OAuth and the operators of containers prescribe', () => {
    const documented = operationNames.map((name) => objectOf(operations[name])?.operationId);

    expect(documented).toEqual(operationNames);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/v1/oauth/token',
        '/v1/oauth/revoke',
        '/v1/oauth/introspect',
        '/.well-known/openid-configuration',
        '/.well-known/jwks.json',
        '/healthz',
        '/readyz',
        '/readyz/api',
      ]),
    );
  });

  it('refers to nothing that is not in it, and to everything that is', () => {
    const text = JSON.stringify(document);
    const references = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)].map(
        ([, kind, name]) => `${kind}/${name}`,
      ),
    );
    const { securitySchemes: _schemes, ...referable } = document.components;
    const components = Object.entries(referable).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind}/${name}`),
    );
    const places = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, place]) => place));

    expect([...references].toSorted()).toEqual(components.toSorted());
    expect([...places].filter((place) => !place?.startsWith('#/components/'))).toEqual([]);
  });

  it('uses only credentials and tags that it explains', () => {
    const schemes = Object.keys(document.components.securitySchemes);
    const tags = document.tags.map(({ name }) => name);

    expect(
      operationObjects().flatMap(({ security }) =>
        security.flatMap((each) => Object.keys(each)).filter((name) => !schemes.includes(name)),
      ),
    ).toEqual([]);
    expect([...new Set(operationObjects().flatMap((each) => each.tags))].toSorted()).toEqual(tags.toSorted());
  });

  it('has a scheme for each way to sign in, so that none looks authorised by another', () => {
    const flows = Object.values(document.components.securitySchemes).flatMap((scheme) =>
      'flows' in scheme ? [Object.keys(scheme.flows as object)] : [],
    );

    expect(flows).toEqual([['password'], ['clientCredentials']]);
  });

  it.for(operationNames)('has an example for each parameter that %s needs', (name) => {
    const needed = (objectOf(operations[name])?.parameters ?? []).filter(
      (parameter): parameter is Parameter => 'in' in parameter && parameter.required === true,
    );

    expect(needed.filter(({ example }) => example === undefined)).toEqual([]);
  });

  it.for(oauthPathNames)(
    'has forms of %s that take their examples, and fields of the first one alone',
    (path) => {
      const ajv = new Ajv2020({ strict: false, formats: fullFormats });
      const { schema = {}, examples = {} } =
        document.paths[path]?.post?.requestBody?.content['application/x-www-form-urlencoded'] ?? {};
      const values = Object.values(examples).map(({ value }) => value);

      expect(values.length).toBeGreaterThan(0);
      expect(values.filter((value) => !ajv.validate(schema, value))).toEqual([]);
      // What the page at /docs puts into the fields.
      const { properties = {} } = schema as JsonSchema;
      const filled = Object.entries(properties as Record<string, JsonSchema>).map(
        ([name, field]) => [name, field.examples?.[0] ?? field.default] as const,
      );
      expect(filled.filter(([, value]) => value === undefined)).toEqual([]);
      expect(Object.fromEntries(filled.filter(([, value]) => value !== ''))).toEqual(values[0]);
    },
  );

  it.for(operationNames)('says of %s who may ask, and how it may fail', (name) => {
    const operation: OperationDescription = operations[name];
    const { security, responses = {} } = objectOf(operation) ?? {};

    expect(security?.length === 0).toBe(operation.access === 'public');
    const failures = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    const wrong = failures.flatMap(([status, { content }]) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}).filter(
        (code) => errorTable[code as ErrorCode].status !== Number(status),
      ),
    );
    expect(wrong).toEqual([]);
    expect(failures.map(([status]) => status)).toEqual(expect.arrayContaining(['403', '429', '503']));
    expect(Object.keys(responses['429']?.headers ?? {})).toEqual(
      expect.arrayContaining(['RateLimit', 'Retry-After']),
    );
    const asked = (objectOf(operation)?.parameters ?? []).some(
      (parameter) => '$ref' in parameter && parameter.$ref.endsWith('IdempotencyKey'),
    );
    expect([asked, '422' in responses]).toEqual(
      Array.from({ length: 2 }, () => operation.idempotency !== undefined),
    );
  });

  it('has JSON schemas that take what the examples send and answer, and nothing misspelt', () => {
    const ajv = new Ajv2020({ strict: false, formats: fullFormats });
    ajv.addSchema(document, 'document');
    const isValid = (schema: object | undefined, value: unknown): unknown =>
      schema !== undefined && '$ref' in schema
        ? ajv.validate({ $ref: `document${String(schema.$ref)}` }, value)
        : undefined;
    const verdicts = operationNames.flatMap((name) => {
      const examples: readonly AnyExample[] = operationExamples[name];
      const { requestBody, responses } = objectOf(operations[name]) ?? {};
      const [sent] = Object.values(requestBody?.content ?? {});
      const answered = responses?.[operations[name].status]?.content?.['application/json'];

      return examples.flatMap(({ body, answer }) => [
        ...(body === undefined ? [] : [[name, isValid(sent?.schema, body)]]),
        ...(body === undefined ? [] : [[name, !isValid(sent?.schema, { ...body, misspelt: true })]]),
        ...(answer === undefined ? [] : [[name, isValid(answered?.schema, answer)]]),
      ]);
    });

    expect(verdicts.length).toBeGreaterThan(60);
    expect(verdicts.filter(([, isGood]) => isGood !== true)).toEqual([]);
  });
});
