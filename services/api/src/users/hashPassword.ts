import type { Prepare } from '../operations/handlerTypes.ts';

/** As the body says it: null takes the password away, undefined leaves it. */
export type PasswordHash = string | null | undefined;

/** Hashes the password in the body, when there is one. */
export const hashPassword: Prepare<'createUser'> & Prepare<'updateUser'> = async ({
  context: { passwords },
  applicationId,
  body: { password },
}) => (typeof password === 'string' ? passwords.hash(applicationId, password) : password);
