import type * as z from 'zod';
import type { ErrorCode } from '../errors.ts';

/**
 * Who may ask for an operation:
 *
 * - `public`: anybody; what secret there is comes in the body.
 * - `user`: a user with a session token of their own. Anonymous users and guests may not.
 * - `provision`, `admin`: a backend with an API key that has the right (`admin` includes all), or an administrator
 *   with a session token of the scope `admin`. The application is that of the key or token.
 * - `owner`: the operator, or one who has `admin` for the application in the path.
 * - `operator`: the bearer of the operator key.
 */
export type Access = 'public' | 'user' | 'provision' | 'admin' | 'owner' | 'operator';

export interface OperationDescription {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** A template of OpenAPI: `/v1/users/{userId}`. */
  readonly path: `/${string}`;
  readonly access: Access;
  /** Groups the operations in the documentation. */
  readonly tag: string;
  /** One line, an imperative. */
  readonly summary: string;
  /** What the schemas do not say; Markdown. */
  readonly description?: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Status of the answer. */
  readonly status: 200 | 201 | 204;
  readonly answer?: z.ZodType;
  /** Path of what was made, for the `Location` header. */
  readonly location?: string;
  /** Codes it answers with, besides those of every operation of its kind. */
  readonly errors?: readonly ErrorCode[];
  /** Takes an `Idempotency-Key`; `secret` says that the answer holds one, which is shown for ten minutes only. */
  readonly idempotency?: 'plain' | 'secret';
  /** The fields of the answer that hold the secret, when it is there only if it was asked for. */
  readonly secretFields?: readonly string[];
}

/** The names in the braces of a path. */
export type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;
