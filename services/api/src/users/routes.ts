import { createUserSchema, issueTokenSchema } from '@parley/protocol/rest';
import { Router } from 'express';
import type { ApiContext } from '../context.ts';
import type { KeyGuard } from '../requests/keyGuard.ts';
import { parsePageRequest } from '../requests/paging.ts';
import { parse, parseId } from '../requests/parse.ts';
import { issueUserToken } from '../tokens/issueUserToken.ts';
import { revokeUserTokens } from '../tokens/revokeUserTokens.ts';
import { createUser } from './createUser.ts';
import { deleteUser } from './deleteUser.ts';
import { getUser } from './getUser.ts';
import { listUsers } from './listUsers.ts';

export function userRoutes(context: ApiContext, guard: KeyGuard): Router {
  const router = Router();

  router.post(
    '/v1/users',
    guard('provision', async ({ applicationId, body, response }) => {
      const user = await createUser(context, applicationId, parse(createUserSchema, body));
      response
        .status(201)
        .location(`/v1/users/${encodeURIComponent(user.id)}`)
        .json(user);
    }),
  );

  router.get(
    '/v1/users',
    guard('provision', async ({ applicationId, request, response }) => {
      response.json(await listUsers(context, applicationId, parsePageRequest(request.query)));
    }),
  );

  router.get(
    '/v1/users/:id',
    guard('provision', async ({ applicationId, request, response }) => {
      response.json(await getUser(context, applicationId, parseId(request.params['id'], 'not_found')));
    }),
  );

  router.delete(
    '/v1/users/:id',
    guard('provision', async ({ applicationId, request, response }) => {
      await deleteUser(context, applicationId, parseId(request.params['id'], 'not_found'));
      response.status(204).end();
    }),
  );

  router.post(
    '/v1/users/:id/tokens',
    guard('provision', async ({ applicationId, body, request, response }) => {
      const userId = parseId(request.params['id'], 'not_found');
      const grant = parse(issueTokenSchema, body);
      response.status(201).json(await issueUserToken(context, applicationId, userId, grant));
    }),
  );

  router.delete(
    '/v1/users/:id/tokens',
    guard('provision', async ({ applicationId, request, response }) => {
      await revokeUserTokens(context, applicationId, parseId(request.params['id'], 'not_found'));
      response.status(204).end();
    }),
  );

  return router;
}
