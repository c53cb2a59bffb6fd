export { listQuerySchema, type ListQuery } from './fields.ts';
export {
  createGuestSessionSchema,
  guestSessionSchema,
  type CreateGuestSession,
  type GuestSession,
} from './guestSessions.ts';
export {
  tokenErrorSchema,
  tokenRequestSchema,
  tokenResponseSchema,
  type TokenError,
  type TokenRequest,
  type TokenResponse,
} from './oauth.ts';
export { jwksSchema, statusSchema, type Jwks, type Status } from './operations.ts';
export { problemSchema, type Problem, type ProblemField } from './problem.ts';
export {
  createGuestLinkSchema,
  createRoomSchema,
  guestLinkSchema,
  roomListSchema,
  roomSchema,
  type CreateGuestLink,
  type CreateRoom,
  type GuestLink,
  type Room,
  type RoomList,
} from './rooms.ts';
export {
  defaultTokenSeconds,
  issuedTokenSchema,
  issueTokenSchema,
  type IssuedToken,
  type IssueToken,
} from './tokens.ts';
export {
  createUserSchema,
  userListSchema,
  userSchema,
  type CreateUser,
  type User,
  type UserList,
} from './users.ts';
export { webConfigSchema, webDemoSchema, type WebConfig, type WebDemo } from './webConfig.ts';
