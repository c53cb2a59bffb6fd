import type { OperationName } from '../operations.ts';
import type {
  OperationAnswer,
  OperationBodyInput,
  OperationParams,
  OperationQueryInput,
} from '../operationTypes.ts';

type Part<Key extends string, Value> = [Value] extends [undefined]
  ? { readonly [Name in Key]?: never }
  : { readonly [Name in Key]: Value };

type ParamsPart<Params> = keyof Params extends never
  ? { readonly params?: never }
  : { readonly params: Params };

/**
 * One request and its answer, as the documentation shows them. All examples tell of the same small world, and a test
 * sends each of them to the service in that world.
 */
export type OperationExample<Name extends OperationName> = {
  /** One line, an imperative. */
  readonly summary: string;
  readonly query?: OperationQueryInput<Name>;
} & ParamsPart<OperationParams<Name>> &
  Part<'body', OperationBodyInput<Name>> &
  Part<'answer', OperationAnswer<Name>>;

/** At least one for each operation. */
export type OperationExamples<Name extends OperationName = OperationName> = {
  readonly [Each in Name]: readonly [OperationExample<Each>, ...OperationExample<Each>[]];
};

/** An example whatever its operation. */
export interface AnyExample {
  readonly summary: string;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: object | undefined;
  readonly body?: object | undefined;
  readonly answer?: object | undefined;
}
