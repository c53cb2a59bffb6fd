import type { Prepare } from '../operations/handlerTypes.ts';

/** Hashes the password in the body, when there is one. */
export const hashPassword: Prepare<'createUser'> & Prepare<'updateUser'> = async ({
  context: { passwords },
  applicationId,
  body: { password },
}) => (typeof password === 'string' ? passwords.hash(applicationId, password) : password);
