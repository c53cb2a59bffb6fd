import { anonymousOperations } from './operations/anonymous.ts';
import { applicationsOperations } from './operations/applications.ts';
import { auditOperations } from './operations/audit.ts';
import { callsOperations } from './operations/calls.ts';
import { ownOperations } from './operations/own.ts';
import { roomsOperations } from './operations/rooms.ts';
import { signingKeysOperations } from './operations/signingKeys.ts';
import { tokensOperations } from './operations/tokens.ts';
import { usersOperations } from './operations/users.ts';

/**
 * Every operation of the REST API that speaks JSON: its place, who may ask, and the schemas both ways. The api binds
 * a handler to each, the OpenAPI document is drawn from it, and the management client is typed by it.
 */
export const operations = {
  ...usersOperations,
  ...tokensOperations,
  ...anonymousOperations,
  ...roomsOperations,
  ...callsOperations,
  ...ownOperations,
  ...applicationsOperations,
  ...auditOperations,
  ...signingKeysOperations,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

export const operationNames = Object.keys(operations) as [OperationName, ...OperationName[]];
