import {
  createdUserSchema,
  createUserSchema,
  listUsersQuerySchema,
  updateUserSchema,
  userListSchema,
  userSchema,
} from '../users.ts';
import type { OperationDescription } from '../operation.ts';

export const userOperations = {
  createUser: {
    method: 'post',
    path: '/v1/users',
    access: 'provision',
    tag: 'Users',
    summary: 'Create a user',
    description: 'Making an administrator needs the right `admin`.',
    body: createUserSchema,
    status: 201,
    answer: createdUserSchema,
    location: '/v1/users/{id}',
    errors: ['conflict'],
    idempotency: 'secret',
    secretFields: ['token', 'accessToken'],
  },
  listUsers: {
    method: 'get',
    path: '/v1/users',
    access: 'provision',
    tag: 'Users',
    summary: 'List users',
    query: listUsersQuerySchema,
    status: 200,
    answer: userListSchema,
  },
  getUser: {
    method: 'get',
    path: '/v1/users/{userId}',
    access: 'provision',
    tag: 'Users',
    summary: 'Get a user',
    status: 200,
    answer: userSchema,
  },
  updateUser: {
    method: 'patch',
    path: '/v1/users/{userId}',
    access: 'provision',
    tag: 'Users',
    summary: 'Change a user',
    description:
      'A merge patch (RFC 7396): null removes, what is left out stays, within `metadata` too. The e-mail address of a user with a password goes only together with that. A new password, and becoming an administrator or one no more, ends what the user signed in to; tokens that the backend issued go on. Administrators are changed with the right `admin` only.',
    body: updateUserSchema,
    status: 200,
    answer: userSchema,
    errors: ['conflict', 'invalid_state'],
  },
  deleteUser: {
    method: 'delete',
    path: '/v1/users/{userId}',
    access: 'provision',
    tag: 'Users',
    summary: 'Delete a user',
    description:
      'Voids the tokens, ends the part in live calls, takes the user off rosters and takes the name out of the call records.',
    status: 204,
  },
} as const satisfies Record<string, OperationDescription>;
