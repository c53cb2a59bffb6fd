import OAuth2Server from '@node-oauth/oauth2-server';
import type { ApiContext } from '../context.ts';
import type { Exchange, OAuthClient } from './admitClient.ts';
import { anonymousGrant } from './anonymousGrant.ts';
import type { Grant } from './Grant.ts';
import { passwordGrant } from './passwordGrant.ts';
import { findRefreshToken } from './refreshGrants.ts';
import { refreshTokenGrant } from './refreshTokenGrant.ts';

type TokenModel = OAuth2Server.PasswordModel &
  OAuth2Server.ClientCredentialsModel &
  OAuth2Server.RefreshTokenModel;

/** The grant types of each kind of client. */
const grantTypes = {
  public: ['password', 'refresh_token'],
  confidential: ['client_credentials'],
} as const;

/** Throws when the client is of the other kind, for which the library has no more than "`grant_type` is invalid". */
export function requireGrantType({ kind }: OAuthClient, grantType: string): void {
  const offered: readonly string[] = grantTypes[kind];
  if (!offered.includes(grantType)) {
    throw new OAuth2Server.UnauthorizedClientError(
      kind === 'public'
        ? `${grantType} needs a private key: client_id key_… with its client_secret sk_….`
        : `${grantType} needs the application's public key: client_id pk_….`,
    );
  }
}

/**
 * Our three grants in the library's terms, for one request of a client that was found good already. What the library
 * calls the user, and hands on without looking at it, is the grant; the tokens are made all at once when it wants
 * them saved, in one transaction with the record of them.
 */
export function createTokenModel(context: ApiContext, client: OAuthClient, exchange: Exchange): TokenModel {
  const { clientId, kind } = client;

  return {
    async getClient() {
      return { id: clientId, grants: [...grantTypes[kind]] };
    },

    async getUser(username, password) {
      return passwordGrant(context, client, exchange, {
        username: decodeURIComponent(username),
        password: decodeURIComponent(password),
      });
    },

    async getUserFromClient() {
      return anonymousGrant(context, client);
    },

    /** The library refuses one of another client. */
    async getRefreshToken(value) {
      const found = await findRefreshToken(context, value);

      return (
        found && {
          refreshToken: value,
          scope: found.grant.scope.split(' '),
          client: { id: found.grant.clientId, grants: [] },
          user: refreshTokenGrant(context, found),
        }
      );
    },

    /** It is used up in the transaction that makes the next one. */
    async revokeToken() {
      return true;
    },

    async saveToken({ scope }, savedClient, user) {
      const { access_token: accessToken, ...tokens } = await (user as Grant).issue(scope ?? []);

      return { ...tokens, accessToken, scope: tokens.scope.split(' '), client: savedClient, user };
    },

    /** Asked for by the library's types alone: the api never authenticates a request through it. */
    async getAccessToken() {
      return undefined;
    },
  };
}

/**
 * Name and password in a form that the library takes: it refuses a text that mixes characters of the basic plane with
 * others, such as a password with an emoji.
 */
export function toLibraryBody(form: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { grant_type, client_id, username, password, refresh_token, scope } = form;
  const fields = {
    grant_type,
    client_id,
    username: username && encodeURIComponent(username),
    password: password && encodeURIComponent(password),
    refresh_token,
    scope,
  };

  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
