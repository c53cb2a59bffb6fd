import OAuth2Server from '@node-oauth/oauth2-server';
import { tokenRequestSchema, tokenResponseSchema, type TokenResponse } from '@parley/protocol/rest';
import type { Request, Response } from 'express';
import type { ApiContext } from '../context.ts';
import type { OriginPolicy } from '../requests/origin.ts';
import { parse } from '../requests/parse.ts';
import { createPasswordModel, signInSeconds } from './passwordModel.ts';

/** The password grant: limits first, then the library's own checks over our model. */
export async function exchangePassword(
  context: ApiContext,
  enforceOrigin: OriginPolicy,
  { request, response }: { request: Request; response: Response },
): Promise<TokenResponse> {
  const address = request.ip ?? '';
  await context.limits.signInsPerAddress.take(address);
  const body = parse(tokenRequestSchema, request.body ?? {});
  if (body.grant_type === undefined) {
    throw new OAuth2Server.InvalidRequestError('Missing parameter: `grant_type`');
  }
  if (body.grant_type !== 'password') {
    throw new OAuth2Server.UnsupportedGrantTypeError('Unsupported grant type: only `password` is offered');
  }
  // Counted before the password is looked at and forgiven when it was right, so that no burst slips through.
  const attempt = JSON.stringify([address, body.client_id, body.username?.toLowerCase()]);
  await context.limits.failedSignIns.take(attempt);

  const server = new OAuth2Server({
    model: createPasswordModel(context, (application) => enforceOrigin({ request, response }, application)),
    requireClientAuthentication: { password: false },
    accessTokenLifetime: signInSeconds,
    allowExtendedTokenAttributes: true,
  });
  const answer = new OAuth2Server.Response();
  await server.token(toLibraryRequest(request, body), answer);
  await context.limits.failedSignIns.forgive(attempt);

  return tokenResponseSchema.parse(answer.body);
}

/**
 * Without the Authorization header: the library would take the client from there, past the limit that counts the
 * body's; our clients are public ones and have nothing to say in it.
 */
function toLibraryRequest({ method, headers }: Request, body: object): OAuth2Server.Request {
  const single = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'authorization' ? [[name, value] as const] : [],
  );

  return new OAuth2Server.Request({ method, headers: Object.fromEntries(single), query: {}, body });
}
