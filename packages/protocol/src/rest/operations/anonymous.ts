import { anonymousDestinationsSchema } from '../anonymousDestinations.ts';
import type { OperationDescription } from '../operation.ts';

export const anonymousOperations = {
  getAnonymousDestinations: {
    method: 'get',
    path: '/v1/anonymous-destinations',
    access: 'provision',
    tag: 'Anonymous',
    summary: 'List whom anonymous users may call',
    status: 200,
    answer: anonymousDestinationsSchema,
  },
  putAnonymousDestinations: {
    method: 'put',
    path: '/v1/anonymous-destinations',
    access: 'provision',
    tag: 'Anonymous',
    summary: 'Replace the list of whom anonymous users may call',
    body: anonymousDestinationsSchema,
    status: 200,
    answer: anonymousDestinationsSchema,
  },
  deleteAnonymousDestinations: {
    method: 'delete',
    path: '/v1/anonymous-destinations',
    access: 'provision',
    tag: 'Anonymous',
    summary: 'Empty the list of whom anonymous users may call',
    status: 204,
  },
} as const satisfies Record<string, OperationDescription>;
