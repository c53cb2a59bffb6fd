import { ProtocolError } from '@parley/protocol';
import type { ProblemField } from '@parley/protocol/rest';
import express, { type Request, type Response } from 'express';
import { InvalidRequestError, pointerTo } from './parse.ts';

/** Largest body, after it was unpacked. */
export const maxBody = '100kb';

/** The second is RFC 7396's, for PATCH. */
const jsonTypes = ['application/json', 'application/merge-patch+json'];

/** Far more than a schema has. One of any JSON follows a body down by recursion, which must not exhaust the stack. */
const maxDepth = 64;

const parseJson = express.json({ limit: maxBody, type: jsonTypes });

/** Reads the body as JSON; none at all is an empty object. */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  // Clients without a body still send its length, and then Express expects a type of nothing.
  if (request.get('content-length') === '0') {
    return {};
  }
  // Null would mean that there is no body to judge.
  if (request.is(jsonTypes) === false) {
    throw new ProtocolError('unsupported_media_type', 'The body must be application/json.');
  }
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error: unknown) => (error === undefined ? resolve() : reject(error)));
  });

  const fault = faultIn(request.body, []);
  if (fault !== undefined) {
    throw new InvalidRequestError([fault]);
  }

  return request.body ?? {};
}

/** What is wrong with a body whatever its schema. */
function faultIn(value: unknown, path: readonly string[]): ProblemField | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (path.length === maxDepth) {
    return { pointer: '', detail: `must not be nested deeper than ${maxDepth} levels` };
  }
  // Where any key may stand, zod drops this one without a word.
  if (Object.hasOwn(value, '__proto__')) {
    return { pointer: pointerTo([...path, '__proto__']), detail: 'must have another name' };
  }
  for (const [key, each] of Object.entries(value)) {
    const fault = faultIn(each, [...path, key]);
    if (fault !== undefined) {
      return fault;
    }
  }

  return undefined;
}
