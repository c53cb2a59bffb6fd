export { protocolVersion, isCompatibleVersion } from './version.ts';
export { errorCodes, errorTable, ProtocolError, type ErrorCode, type ErrorDescription } from './errors.ts';
export {
  endReasonNames,
  endReasonOfError,
  endReasonTable,
  type EndReasonDescription,
  type EndReasonName,
} from './endReasons.ts';
export { isOriginAllowed } from './origins.ts';
export { keyRights, type KeyRight } from './keyRights.ts';
export { limitNames, limitTable, limitsWith, type LimitName, type Limits } from './limits.ts';
export { isLoopbackHost, loopbackHostNames } from './loopback.ts';
export { phoneNumberSchema } from './phoneNumbers.ts';
export { actions, mayDo, roles, roleTable, type Action, type Role, type RoomRules } from './roles.ts';
export { scopes, sessionScopes, type Scope, type SessionScope } from './scopes.ts';
export { defaultTokenSeconds, maxTokenSeconds } from './tokenLifetime.ts';
export { displayNameSchema, objectIdSchema, userIdSchema } from './ids.ts';
export {
  dtlsFingerprintSchema,
  iceServerSchema,
  kindOfSource,
  maxEncodings,
  mediaSources,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  transportParametersSchema,
  type DtlsFingerprint,
  type IceServer,
  type MediaSource,
  type RtpCapabilities,
  type RtpParameters,
  type TransportParameters,
} from './signaling/rtp.ts';
export type {
  CallKind,
  CallSnapshot,
  CallState,
  Identity,
  ParticipantInfo,
  ProducerInfo,
} from './signaling/call.ts';
export {
  maxCallees,
  requestNames,
  requestTable,
  type ConsumerInfo,
  type Joined,
  type MediaOffer,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from './signaling/requests.ts';
export {
  notificationTable,
  type Notification,
  type NotificationData,
  type NotificationName,
} from './signaling/notifications.ts';
export {
  answerEnvelopeSchema,
  connectAuthSchema,
  connectErrorSchema,
  maxFrameBytes,
  maxRequestBytes,
  notificationEnvelopeSchema,
  requestEnvelopeSchema,
  signalingPath,
  toWireError,
  type AnswerEnvelope,
  type ClientEvents,
  type ConnectAuth,
  type RequestEnvelope,
  type ServerEvents,
  type WireError,
} from './signaling/socket.ts';
