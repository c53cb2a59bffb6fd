import { ProtocolError } from '@parley/protocol';
import express, { type Request, type Response } from 'express';
import { InvalidRequestError } from './parse.ts';

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

  if (isDeeper(request.body, maxDepth)) {
    throw new InvalidRequestError([
      { pointer: '', detail: `must not be nested deeper than ${maxDepth} levels` },
    ]);
  }

  return request.body ?? {};
}

function isDeeper(value: unknown, levels: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)))
  );
}
