/**
 * The SDK: connecting, calls and rooms, the people in them, their pictures, the devices of this machine. Begin with
 * {@link CallClientFactory.create}; what follows is in {@link CallClient} and {@link Call}.
 *
 * @module
 */
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
export type { CallEncryption, CallOptions, StartCallOptions } from './call/callOptionTypes.ts';
export type { ScreenSharingOptions, VideoOptions } from './call/videoOptionTypes.ts';
export type { Call, CallEvents, CallState, DataReceived } from './call/callTypes.ts';
export type { IncomingCall, IncomingCallEvents } from './call/incomingCallTypes.ts';
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
export type { AutomaticBehaviours, AutomaticCallBehaviours } from './automaticTypes.ts';
export type { CallFeatureFactory } from './features/CallFeatureFactory.ts';
export type { CallEndReason } from './endReason.ts';
export type {
  CommunicationIdentifier,
  ParticipantIdentity,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteParticipantState,
} from './participants/participantTypes.ts';
export { LocalVideoStream } from './streams/LocalVideoStream.ts';
export type {
  AudioProcessor,
  ProcessorListener,
  TrackProcessor,
  VideoProcessor,
} from './streams/processorTypes.ts';
export type {
  MaxConstraint,
  MediaConstraints,
  VideoCodec,
  VideoEncodingOptions,
  VideoSendConstraints,
} from './media/encodingTypes.ts';
export type { CameraConstraints, MicrophoneConstraints, ScreenCapture } from './devices/captureTypes.ts';
export type {
  LocalVideoStreamConstructor,
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
export type { LogDetails, Logger, LogLevel } from './logger.ts';
export type {
  CallKind,
  DataChannelKind,
  EndReasonName,
  ErrorCode,
  MediaSource,
  Role,
  Survey,
} from '@parley/protocol';
export type { Disposable } from '@parley/kit';
