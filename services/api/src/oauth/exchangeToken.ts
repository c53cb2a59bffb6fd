import OAuth2Server from '@node-oauth/oauth2-server';
import {
  tokenRequestSchema,
  tokenResponseSchema,
  type TokenRequest,
  type TokenResponse,
} from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import type { Gate } from '../operations/receive.ts';
import { parse } from '../requests/parse.ts';
import { admitClient, type Exchange } from './admitClient.ts';
import { countStrangers } from './countStrangers.ts';
import { adminSessionSeconds } from './issueTokens.ts';
import { signInQuota } from './quotas.ts';
import { readForm } from './readForm.ts';
import { createTokenModel, requireGrantType, toLibraryBody } from './tokenModel.ts';

/** RFC 6749's names of the grants offered. */
export const grantTypes = ['password', 'client_credentials', 'refresh_token'];

/** `POST /v1/oauth/token`: the client and its limits first, then the library's own checks over our model. */
export async function exchangeToken(
  context: ApiContext,
  gate: Gate,
  exchange: Exchange,
): Promise<TokenResponse> {
  const form = await countStrangers(context, gate, exchange, () => readTokenRequest(exchange));
  const client = await admitClient(context, gate, exchange, { form, quotaOf: signInQuota });
  requireGrantType(client, form.grant_type);
  const server = new OAuth2Server({
    model: createTokenModel(context, client, exchange),
    // It was authenticated above, before the library sees anything of it.
    requireClientAuthentication: { password: false, client_credentials: false, refresh_token: false },
    allowExtendedTokenAttributes: true,
    // The library wants one; what the answer says is the model's.
    accessTokenLifetime: adminSessionSeconds,
  });
  const answer = new OAuth2Server.Response();
  await server.token(
    new OAuth2Server.Request({
      method: 'POST',
      headers: formHeaders,
      query: {},
      body: toLibraryBody({ ...form, client_id: client.clientId }),
    }),
    answer,
  );

  return tokenResponseSchema.parse(answer.body);
}

/** What the library asks of a request: a form with a body. */
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1' };

async function readTokenRequest({
  request,
  response,
}: Exchange): Promise<TokenRequest & { grant_type: string }> {
  const form = parse(tokenRequestSchema, await readForm(request, response));
  const { grant_type } = form;
  if (grant_type === undefined) {
    throw new OAuth2Server.InvalidRequestError('Missing parameter: `grant_type`');
  }
  if (!grantTypes.includes(grant_type)) {
    throw new OAuth2Server.UnsupportedGrantTypeError(
      `Unsupported grant type: offered are ${grantTypes.join(', ')}`,
    );
  }

  return { ...form, grant_type };
}
