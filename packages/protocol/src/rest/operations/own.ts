import { callListSchema, listMyCallsQuerySchema } from '../calls.ts';
import { contactListSchema } from '../contacts.ts';
import { listQuerySchema } from '../fields.ts';
import type { OperationDescription } from '../operation.ts';

export const ownOperations = {
  listContacts: {
    method: 'get',
    path: '/v1/contacts',
    access: 'user',
    tag: 'Own',
    summary: 'List the other users and their presence',
    description:
      'Only in applications that have `contacts` switched on, and with the scope `calls`: a token that joins what its user was invited to shows nobody else.',
    query: listQuerySchema,
    status: 200,
    answer: contactListSchema,
  },
  listMyCalls: {
    method: 'get',
    path: '/v1/me/calls',
    access: 'user',
    tag: 'Own',
    summary: "List one's own calls",
    description: 'With any scope: they are the calls that the user took part in.',
    query: listMyCallsQuerySchema,
    status: 200,
    answer: callListSchema,
  },
} as const satisfies Record<string, OperationDescription>;
