export {
  accessTokenListSchema,
  accessTokenSchema,
  accessTokenWithValueSchema,
  createAccessTokenSchema,
  type AccessToken,
  type AccessTokenWithValue,
  type CreateAccessToken,
} from './accessTokens.ts';
export { anonymousDestinationsSchema, type AnonymousDestinations } from './anonymousDestinations.ts';
export {
  apiKeyListSchema,
  apiKeySchema,
  apiKeyWithSecretSchema,
  createApiKeySchema,
  type ApiKey,
  type ApiKeyWithSecret,
  type CreateApiKey,
} from './apiKeys.ts';
export {
  applicationListSchema,
  applicationSchema,
  createApplicationSchema,
  updateApplicationSchema,
  type Application,
  type CreateApplication,
  type UpdateApplication,
} from './applications.ts';
export {
  auditActorSchema,
  auditEntrySchema,
  auditListSchema,
  auditQuerySchema,
  operatorAuditQuerySchema,
  type AuditActor,
  type AuditEntry,
  type AuditQuery,
} from './audit.ts';
export {
  callListSchema,
  callParticipantSchema,
  callSchema,
  callStatsQuerySchema,
  callStatsSchema,
  emptyBodySchema,
  listCallsQuerySchema,
  listMyCallsQuerySchema,
  type Call,
  type CallParticipant,
  type CallStats,
  type CallStatsQuery,
  type ListCallsQuery,
} from './calls.ts';
export { answerComponents, requestComponents } from './components.ts';
export { contactListSchema, contactSchema, type Contact } from './contacts.ts';
export { exampleWorld, operationExamples, type AnyExample } from './examples/index.ts';
export { listQuerySchema, type List, type ListQuery } from './fields.ts';
export {
  createGuestLinkSchema,
  guestLinkListSchema,
  guestLinkSchema,
  guestLinkWithUrlSchema,
  type CreateGuestLink,
  type GuestLink,
  type GuestLinkWithUrl,
} from './guestLinks.ts';
export {
  createGuestSessionSchema,
  guestSessionSchema,
  type CreateGuestSession,
  type GuestSession,
} from './guestSessions.ts';
export { componentSchemas, type JsonSchema } from './jsonSchemas.ts';
export { metadata as metadataSchema } from './metadata.ts';
export {
  discoverySchema,
  introspectResponseSchema,
  revokeRequestSchema,
  tokenErrorSchema,
  tokenRequestSchema,
  tokenResponseSchema,
  type Discovery,
  type IntrospectResponse,
  type RevokeRequest,
  type TokenError,
  type TokenRequest,
  type TokenResponse,
} from './oauth.ts';
export { type Access, type OperationDescription, type PathParameter } from './operation.ts';
export { operationNames, operations, type OperationName, type Operations } from './operations.ts';
export {
  type OperationAnswer,
  type OperationBody,
  type OperationBodyInput,
  type OperationParams,
  type OperationQuery,
  type OperationQueryInput,
} from './operationTypes.ts';
export { problemSchema, type Problem, type ProblemField } from './problem.ts';
export {
  maxRoomParticipants,
  createRoomSchema,
  roomListSchema,
  roomSchema,
  updateRoomSchema,
  type CreateRoom,
  type Room,
  type UpdateRoom,
} from './rooms.ts';
export { signingKeyListSchema, signingKeySchema, type SigningKeyInfo } from './signingKeys.ts';
export {
  createSessionSchema,
  issuedTokenSchema,
  issueTokenSchema,
  revokeTokensQuerySchema,
  sessionSchema,
  type CreateSession,
  type IssueToken,
  type IssuedToken,
  type Session,
} from './tokens.ts';
export {
  createdUserSchema,
  createUserSchema,
  listUsersQuerySchema,
  updateUserSchema,
  userKinds,
  userListSchema,
  userSchema,
  type CreateUser,
  type CreatedUser,
  type UpdateUser,
  type User,
  type UserKind,
} from './users.ts';
export { webConfigSchema, webDemoSchema, type WebConfig, type WebDemo } from './webConfig.ts';
export { jwksSchema, statusSchema, type Jwks, type Status } from './wellKnown.ts';
