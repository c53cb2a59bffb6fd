import type * as z from 'zod';
import {
  accessTokenListSchema,
  accessTokenSchema,
  accessTokenWithValueSchema,
  createAccessTokenSchema,
} from './accessTokens.ts';
import { anonymousDestinationsSchema } from './anonymousDestinations.ts';
import { apiKeyListSchema, apiKeySchema, apiKeyWithSecretSchema, createApiKeySchema } from './apiKeys.ts';
import {
  applicationListSchema,
  applicationSchema,
  createApplicationSchema,
  updateApplicationSchema,
} from './applications.ts';
import {
  auditActorSchema,
  auditEntrySchema,
  auditListSchema,
  auditQuerySchema,
  operatorAuditQuerySchema,
} from './audit.ts';
import {
  callListSchema,
  callParticipantSchema,
  callSchema,
  callStatsQuerySchema,
  callStatsSchema,
  callSurveySchema,
  emptyBodySchema,
  listCallsQuerySchema,
  listMyCallsQuerySchema,
} from './calls.ts';
import { changedCallSettings } from './callSettings.ts';
import { contactListSchema, contactSchema } from './contacts.ts';
import { listQuerySchema } from './fields.ts';
import {
  createGuestLinkSchema,
  guestLinkListSchema,
  guestLinkSchema,
  guestLinkWithUrlSchema,
} from './guestLinks.ts';
import { createGuestSessionSchema, guestSessionSchema } from './guestSessions.ts';
import {
  discoverySchema,
  introspectResponseSchema,
  revokeRequestSchema,
  tokenErrorSchema,
  tokenRequestSchema,
  tokenResponseSchema,
} from './oauth.ts';
import { problemFieldSchema, problemSchema } from './problem.ts';
import { createRoomSchema, roomListSchema, roomSchema, updateRoomSchema } from './rooms.ts';
import { signingKeyListSchema, signingKeySchema } from './signingKeys.ts';
import {
  createSessionSchema,
  issuedTokenSchema,
  issueTokenSchema,
  revokeTokensQuerySchema,
  sessionSchema,
} from './tokens.ts';
import {
  createdUserSchema,
  createUserSchema,
  listUsersQuerySchema,
  updateUserSchema,
  userListSchema,
  userSchema,
} from './users.ts';
import { jwksSchema, statusSchema } from './wellKnown.ts';

/** What clients send, by the names that the OpenAPI document and the management client give it. */
export const requestComponents = {
  CreateUser: createUserSchema,
  ListUsersQuery: listUsersQuerySchema,
  UpdateUser: updateUserSchema,
  IssueToken: issueTokenSchema,
  RevokeTokensQuery: revokeTokensQuerySchema,
  CreateAccessToken: createAccessTokenSchema,
  CreateSession: createSessionSchema,
  AnonymousDestinations: anonymousDestinationsSchema,
  CreateGuestSession: createGuestSessionSchema,
  CreateRoom: createRoomSchema,
  UpdateRoom: updateRoomSchema,
  CreateGuestLink: createGuestLinkSchema,
  ListQuery: listQuerySchema,
  ListCallsQuery: listCallsQuerySchema,
  ListMyCallsQuery: listMyCallsQuerySchema,
  CallStatsQuery: callStatsQuerySchema,
  CreateApplication: createApplicationSchema,
  UpdateApplication: updateApplicationSchema,
  CallSettings: changedCallSettings,
  CreateApiKey: createApiKeySchema,
  ListAuditEntriesQuery: auditQuerySchema,
  ListOperatorAuditEntriesQuery: operatorAuditQuerySchema,
  Empty: emptyBodySchema,
  TokenRequest: tokenRequestSchema,
  /** Of introspection too. */
  RevokeRequest: revokeRequestSchema,
} as const satisfies Record<string, z.ZodType>;

/** What the service answers, by the same names. */
export const answerComponents = {
  User: userSchema,
  CreatedUser: createdUserSchema,
  UserList: userListSchema,
  IssuedToken: issuedTokenSchema,
  AccessToken: accessTokenSchema,
  AccessTokenWithValue: accessTokenWithValueSchema,
  AccessTokenList: accessTokenListSchema,
  Session: sessionSchema,
  AnonymousDestinations: anonymousDestinationsSchema,
  GuestSession: guestSessionSchema,
  Room: roomSchema,
  RoomList: roomListSchema,
  GuestLink: guestLinkSchema,
  GuestLinkWithUrl: guestLinkWithUrlSchema,
  GuestLinkList: guestLinkListSchema,
  Call: callSchema,
  CallParticipant: callParticipantSchema,
  CallSurvey: callSurveySchema,
  CallList: callListSchema,
  CallStats: callStatsSchema,
  Contact: contactSchema,
  ContactList: contactListSchema,
  Application: applicationSchema,
  CallSettings: changedCallSettings,
  ApplicationList: applicationListSchema,
  ApiKey: apiKeySchema,
  ApiKeyWithSecret: apiKeyWithSecretSchema,
  ApiKeyList: apiKeyListSchema,
  AuditActor: auditActorSchema,
  AuditEntry: auditEntrySchema,
  AuditEntryList: auditListSchema,
  SigningKey: signingKeySchema,
  SigningKeyList: signingKeyListSchema,
  Problem: problemSchema,
  ProblemField: problemFieldSchema,
  TokenResponse: tokenResponseSchema,
  TokenError: tokenErrorSchema,
  IntrospectResponse: introspectResponseSchema,
  Discovery: discoverySchema,
  Jwks: jwksSchema,
  Status: statusSchema,
} as const satisfies Record<string, z.ZodType>;
