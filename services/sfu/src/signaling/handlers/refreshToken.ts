import type { Handler } from '../handlerTypes.ts';

export const refreshToken: Handler<'refreshToken'> = async (context, { token }) => ({
  tokenExpiresAtMs: await context.refreshToken(token),
});
