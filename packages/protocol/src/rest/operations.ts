import { anonymousOperations } from './operations/anonymous.ts';
import { applicationOperations } from './operations/applications.ts';
import { auditOperations } from './operations/audit.ts';
import { callOperations } from './operations/calls.ts';
import { ownOperations } from './operations/own.ts';
import { roomOperations } from './operations/rooms.ts';
import { signingKeyOperations } from './operations/signingKeys.ts';
import { tokenOperations } from './operations/tokens.ts';
import { userOperations } from './operations/users.ts';

/**
 * Every operation of the REST API that speaks JSON: its place, who may ask, and the schemas both ways. The api binds
 * a handler to each, the OpenAPI document is drawn from it, and the management client is typed by it.
 */
export const operations = {
  ...userOperations,
  ...tokenOperations,
  ...anonymousOperations,
  ...roomOperations,
  ...callOperations,
  ...ownOperations,
  ...applicationOperations,
  ...auditOperations,
  ...signingKeyOperations,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

export const operationNames = Object.keys(operations) as [OperationName, ...OperationName[]];
