import type * as z from 'zod';
import type { PathParameter } from './operation.ts';
import type { OperationName, Operations } from './operations.ts';

/** The types of one operation, both as they are sent and as they are after the defaults were filled in. */
type SchemaOf<
  Name extends OperationName,
  Part extends 'query' | 'body' | 'answer',
> = Part extends keyof Operations[Name]
  ? Operations[Name][Part] extends z.ZodType
    ? Operations[Name][Part]
    : undefined
  : undefined;

type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** The names in the path and what each stands for. */
export type OperationParams<Name extends OperationName> = Readonly<
  Record<PathParameter<Operations[Name]['path']>, string>
>;

/** What a client may send as the query, defaults left out. */
export type OperationQueryInput<Name extends OperationName> = InputOf<SchemaOf<Name, 'query'>>;
export type OperationQuery<Name extends OperationName> = OutputOf<SchemaOf<Name, 'query'>>;

/** What a client may send as the body, defaults left out. */
export type OperationBodyInput<Name extends OperationName> = InputOf<SchemaOf<Name, 'body'>>;
export type OperationBody<Name extends OperationName> = OutputOf<SchemaOf<Name, 'body'>>;

export type OperationAnswer<Name extends OperationName> = OutputOf<SchemaOf<Name, 'answer'>>;
