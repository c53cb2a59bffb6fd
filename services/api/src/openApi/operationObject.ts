import { userIdSchema } from '@parley/protocol';
import {
  operationExamples,
  operations,
  type AnyExample,
  type OperationDescription,
  type OperationName,
} from '@parley/protocol/rest';
import * as z from 'zod';
import { fieldsOf, referenceTo } from './components.ts';
import { errorCodesOf } from './errorCodesOf.ts';
import type { Example, OperationObject, Parameter, ResponseObject } from './openApiTypes.ts';
import { headersOf, problemResponses, type HeaderName } from './responses.ts';
import { accessRules } from './security.ts';

/** Parameters that several operations have. */
export const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Any text of the client that it uses for this request alone, such as a UUID: however often the request is sent within 24 hours, it is carried out once. An answer with a secret is repeated for ten minutes. Where no credential is asked for in the header, it must be a UUID.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
} as const satisfies Record<string, Parameter>;

const { $schema: _dialect, ...idSchema } = z.toJSONSchema(userIdSchema);

/** One operation of the table, as the OpenAPI document has it. */
export function operationObject(name: OperationName): OperationObject {
  const operation: OperationDescription = operations[name];
  const examples: readonly AnyExample[] = operationExamples[name];
  const { security, sentence } = accessRules[operation.access];
  const { tag, summary, description = '', body } = operation;

  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `${description}\n\n${sentence}`.trim(),
    security,
    parameters: [
      ...pathParameters(operation, examples),
      ...queryParameters(operation, examples),
      ...(operation.idempotency === undefined ? [] : [{ $ref: '#/components/parameters/IdempotencyKey' }]),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: {
              [operation.method === 'patch' ? 'application/merge-patch+json' : 'application/json']: {
                schema: referenceTo(body),
                examples: examplesOf(examples, (example) => example.body),
              },
            },
          },
        }),
    responses: {
      [operation.status]: success(operation, examples),
      ...problemResponses(errorCodesOf(operation)),
    },
  };
}

function pathParameters({ path }: OperationDescription, [example]: readonly AnyExample[]): Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: idSchema,
    example: example?.params?.[name],
  }));
}

function queryParameters({ query }: OperationDescription, examples: readonly AnyExample[]): Parameter[] {
  return query === undefined
    ? []
    : fieldsOf(query).map(({ name, isRequired, schema: { description, ...schema } }) => {
        const values = examples.flatMap(
          ({ query: asked = {} }) => new Map<string, unknown>(Object.entries(asked)).get(name) ?? [],
        );

        return {
          name,
          in: 'query',
          required: isRequired,
          ...(description === undefined ? {} : { description }),
          // A filter is not put into its field: whoever tries a list would find it empty, and wonder.
          schema: isRequired || values.length === 0 ? schema : { ...schema, examples: values },
          ...(isRequired ? { example: values[0] } : {}),
        };
      });
}

function success(operation: OperationDescription, examples: readonly AnyExample[]): ResponseObject {
  const { answer, location, idempotency, access } = operation;
  const names: HeaderName[] = ['X-Request-Id'];
  if (access !== 'operator') {
    names.push('RateLimit-Policy', 'RateLimit');
  }
  if (location !== undefined) {
    names.push('Location');
  }
  if (idempotency !== undefined) {
    names.push('Idempotency-Replayed');
  }

  return {
    description: answer === undefined ? 'Done.' : 'Done; the answer is in the body.',
    headers: headersOf(names),
    ...(answer === undefined
      ? {}
      : {
          content: {
            'application/json': {
              schema: referenceTo(answer),
              examples: examplesOf(examples, (example) => example.answer),
            },
          },
        }),
  };
}

function examplesOf(
  examples: readonly AnyExample[],
  valueOf: (example: AnyExample) => unknown,
): Record<string, Example> {
  return Object.fromEntries(
    examples.map((example, index) => [
      `example${index + 1}`,
      { summary: example.summary, value: valueOf(example) },
    ]),
  );
}
