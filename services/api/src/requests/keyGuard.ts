import type { Database, KeyRight } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { Request, RequestHandler, Response } from 'express';
import { idOfSecret, matchesHash } from '../security/secrets.ts';
import type { OriginPolicy } from './origin.ts';
import { readJson } from './readJson.ts';

/** A request of a trusted backend, with its key checked and its body read. */
interface KeyedRequest {
  /** The application the key belongs to: every lookup starts from it. */
  readonly applicationId: string;
  readonly body: unknown;
  readonly request: Request;
  readonly response: Response;
}

/** Turns an operation into a handler that first asks for an API key with a right. */
export type KeyGuard = (
  right: KeyRight,
  operation: (keyed: KeyedRequest) => Promise<unknown>,
) => RequestHandler;

/**
 * `Authorization: Bearer sk_…`. The key comes first and the body after it: a stranger cannot make the server
 * parse, nor learn from the errors which fields a route takes.
 */
export function createKeyGuard(database: Database, enforceOrigin: OriginPolicy): KeyGuard {
  return (right, operation) => async (request, response) => {
    const { applicationId, rights, application } = await findKey(database, request);
    enforceOrigin({ request, response }, application);
    if (!rights.includes(right) && !rights.includes('admin')) {
      throw new ProtocolError('forbidden', `The API key lacks the right "${right}".`);
    }
    const body = await readJson(request, response);

    await operation({ applicationId, body, request, response });
  };
}

async function findKey(database: Database, request: Request) {
  const secret = /^Bearer +(sk_\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const id = secret === undefined ? undefined : idOfSecret(secret.slice('sk_'.length));
  if (secret === undefined || id === undefined) {
    throw new ProtocolError('unauthenticated', 'Send an API key: Authorization: Bearer sk_…');
  }
  const key = await database.apiKey.findUnique({
    where: { privateKey: `key_${id}` },
    include: { application: true },
  });
  if (key === null || !matchesHash(secret.slice('sk_'.length), key.secretHash)) {
    throw new ProtocolError('unauthenticated', 'The API key is not valid.');
  }

  return key;
}
