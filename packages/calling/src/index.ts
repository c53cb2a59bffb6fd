export { CallClientFactory } from './client/CallClientFactory.ts';
export { CommunicationUserCredential } from './client/CommunicationUserCredential.ts';
export { utils } from './utils.ts';
export { CallError } from './errors.ts';
export {
  MediaDeviceError,
  type LocalDevice,
  type MediaDeviceFailure,
  type MediaDeviceReplacement,
} from './devices/MediaDeviceError.ts';
export type {
  CallClient,
  CallClientEvents,
  CallClientOptions,
  ClientIdentity,
  ConnectionState,
} from './client/clientTypes.ts';
export type {
  Call,
  CallEncryption,
  CallEvents,
  CallOptions,
  CallState,
  DataReceived,
  IncomingCall,
  IncomingCallEvents,
  StartCallOptions,
} from './call/callTypes.ts';
export type { Lobby, LobbyEvents, LobbyParticipant } from './call/lobbyTypes.ts';
export type {
  CallChat,
  CallChatEvents,
  CallMember,
  ChatMessage,
  ChatSender,
  DtmfTone,
  ReactionReceived,
} from './features/featureTypes.ts';
export type { CallEndReason } from './endReason.ts';
export type {
  ParticipantIdentity,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteParticipantState,
} from './participants/participantTypes.ts';
export type {
  LocalVideoStream,
  LocalVideoStreamEvents,
  MediaStreamType,
  RemoteAudioStream,
  RemoteVideoStream,
  RemoteVideoStreamEvents,
} from './streams/streamTypes.ts';
export type {
  RemoteVideoRenderer,
  RenderOptions,
  ScalingMode,
  VideoRenderer,
  VideoRendererEvents,
} from './rendering/renderingTypes.ts';
export type {
  AudioDeviceInfo,
  DeviceAccess,
  DeviceManager,
  DeviceManagerEvents,
  LevelMeter,
  LevelMeterEvents,
  PermissionState,
  PreviewRenderer,
  VideoDeviceInfo,
} from './devices/deviceTypes.ts';
export type { CollectionUpdate, Observable } from './events.ts';
export type { Logger } from './logger.ts';
export type { CallKind, DataChannelKind, EndReasonName, ErrorCode, Role, Survey } from '@parley/protocol';
export type { Disposable } from '@parley/kit';
