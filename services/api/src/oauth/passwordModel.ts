import type OAuth2Server from '@node-oauth/oauth2-server';
import { signIdToken } from '@parley/tokens';
import * as z from 'zod';
import type { ApiContext } from '../context.ts';
import { signSession } from '../tokens/signSession.ts';

/** What the library hands from one step to the next without looking at it; checked when it comes back. */
const clientSchema = z.object({ id: z.string(), applicationId: z.string() });
const userSchema = z.object({
  userId: z.string(),
  displayName: z.string(),
  email: z.string().optional(),
});

/** How long what a sign-in gives is valid, in seconds. */
export const signInSeconds = 24 * 60 * 60;

/** Called with the application as soon as the client id has named it; throws to refuse the request. */
export type Admit = (application: { allowedOrigins: readonly string[] }) => void;

/** The password grant in terms of applications, users and session tokens. */
export function createPasswordModel(
  context: Pick<ApiContext, 'database' | 'passwords' | 'publicUrl' | 'signingKeys' | 'clock'>,
  admit: Admit,
): OAuth2Server.PasswordModel {
  const { database, passwords, publicUrl, signingKeys, clock } = context;

  return {
    async getClient(clientId) {
      const application = await database.application.findUnique({ where: { publicKey: clientId } });
      if (application === null) {
        return undefined;
      }
      admit(application);

      return { id: clientId, grants: ['password'], applicationId: application.id };
    },

    async getUser(username, password, client) {
      const { applicationId } = clientSchema.parse(client);
      const user = await database.user.findUnique({
        where: { applicationId_email: { applicationId, email: username.toLowerCase() } },
      });
      const isKnown = await passwords.verify(password, user?.passwordHash ?? undefined);
      if (user === null || !isKnown) {
        return undefined;
      }

      return { userId: user.id, displayName: user.displayName, email: user.email ?? undefined };
    },

    /** What is granted whatever was asked: there is one kind of sign-in, and RFC 6749 allows to grant otherwise. */
    async validateScope(_user, _client, scope) {
      return scope?.includes('openid') === true ? ['openid', 'calls'] : ['calls'];
    },

    async generateAccessToken(client, user) {
      const { applicationId } = clientSchema.parse(client);
      const { userId, displayName } = userSchema.parse(user);
      const { token } = await signSession(context, {
        applicationId,
        identity: { userId, displayName, kind: 'user' },
        scopes: ['calls'],
        expiresInSeconds: signInSeconds,
      });

      return token;
    },

    /** Without a text the library leaves the refresh token out; without this method it would make one up. */
    async generateRefreshToken() {
      return '';
    },

    /** Nothing is saved, for the token carries all it says; the id token joins the answer here. */
    async saveToken(token, client, user) {
      if (token.scope?.includes('openid') !== true) {
        return { ...token, client, user };
      }
      const { id: clientId } = clientSchema.parse(client);
      const { userId, displayName, email } = userSchema.parse(user);
      const idToken = await signIdToken(
        { clientId, userId, displayName, email, expiresInSeconds: signInSeconds },
        { issuer: publicUrl, key: signingKeys.current, nowMs: clock.now() },
      );

      return { ...token, client, user, id_token: idToken };
    },

    /** Asked for by the library's types alone: the api never authenticates a request through it. */
    async getAccessToken() {
      return undefined;
    },
  };
}
