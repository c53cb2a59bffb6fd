export { protocolVersion, isCompatibleVersion } from './version.ts';
export {
  errorCodes,
  errorTable,
  ProtocolError,
  tooManyRequests,
  type ErrorCode,
  type ErrorDescription,
} from './errors.ts';
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
export {
  callSettingsSchema,
  callSettingsOfCaller,
  callSettingsWith,
  changedCallSettingsSchema,
  forwardingRules,
  standardCallSettings,
  type CallSettings,
  type ChangedCallSettings,
  type ForwardingRule,
} from './callSettings.ts';
export {
  actions,
  mayDo,
  privilegedActions,
  roles,
  roleTable,
  type Action,
  type Role,
  type RoomRules,
} from './roles.ts';
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
  sctpStreamParametersSchema,
  transportParametersSchema,
  type DtlsFingerprint,
  type IceParameters,
  type IceServer,
  type MediaSource,
  type RtpCapabilities,
  type RtpParameters,
  type SctpStreamParameters,
  type TransportParameters,
} from './signaling/rtp.ts';
export {
  callKindSchema,
  callStateSchema,
  identitySchema,
  producerSchema,
  type AudioSlot,
  type CallKind,
  type CallSnapshot,
  type CallState,
  type Identity,
  type LobbyEntry,
  type ParticipantInfo,
  type ParticipantState,
  type ProducerInfo,
  type ToldProducer,
} from './signaling/call.ts';
export {
  chatMessageSchema,
  keptChatMessages,
  maxChatTextLength,
  type ChatMessage,
} from './signaling/chat.ts';
export {
  customItemsSchema,
  maxCustomItems,
  type CustomItemChanges,
  type CustomItems,
} from './signaling/customItems.ts';
export {
  dataChannels,
  maxExpectedVideos,
  mediaOfferSchema,
  type ConsumerInfo,
  type DataChannelKind,
  type DataConsumerInfo,
  type MediaOffer,
  type MediaParameters,
  type MediaState,
  type RestartedIce,
} from './signaling/media.ts';
export { contributingSourceOf } from './signaling/contributingSource.ts';
export {
  dataRate,
  maxDataMessageBytes,
  parseDataMessage,
  stampDataMessage,
  type DataMessage,
} from './signaling/dataMessage.ts';
export type { NumberedNotification } from './signaling/numbered.ts';
export type { Entered, Joined, Resumed, Snapshot, Waiting } from './signaling/place.ts';
export {
  maxCallees,
  maxSpotlights,
  minReceiveBitrate,
  requestNames,
  requestTable,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from './signaling/requests.ts';
export { surveyIssues, type Survey } from './signaling/survey.ts';
export {
  isCallNotification,
  notificationTable,
  type CallNotification,
  type Notification,
  type NotificationData,
  type NotificationName,
} from './signaling/notifications.ts';
export {
  answerEnvelopeSchema,
  connectAuthSchema,
  connectErrorSchema,
  maxFrameBytes,
  maxHandshakeBytes,
  maxRequestBytes,
  maxTokenLength,
  notificationEnvelopeSchema,
  requestEnvelopeSchema,
  signalingPath,
  toWireError,
  type AnswerEnvelope,
  type ClientEvents,
  type ConnectAuth,
  type NotificationEnvelope,
  type RequestEnvelope,
  type ServerEvents,
  type WireError,
} from './signaling/socket.ts';
