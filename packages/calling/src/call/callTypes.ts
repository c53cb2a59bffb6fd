import type { CallKind, DataChannelKind, Role, Survey } from '@parley/protocol';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type { MediaDeviceError, MediaDeviceReplacement } from '../devices/MediaDeviceError.ts';
import type { CallEndReason } from '../endReason.ts';
import type { CollectionUpdate, Observable } from '../events.ts';
import type { CallFeatureFactory } from '../features/CallFeatureFactory.ts';
import type { CallChat, CallMember, DtmfTone, ReactionReceived } from '../features/featureTypes.ts';
import type { MediaConstraints, VideoEncodingOptions } from '../media/encodingTypes.ts';
import type { CommunicationIdentifier, RemoteParticipant } from '../participants/participantTypes.ts';
import type { AudioProcessor } from '../streams/processorTypes.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { Lobby } from './lobbyTypes.ts';
import type { ScreenSharingOptions, VideoOptions } from './videoOptionTypes.ts';

/**
 * Where a call is in its life. An outgoing one goes from `None` by `Connecting` to `Connected`, over `Ringing` where somebody is
 * rung and over `InLobby` where a lobby is in front of the room; every one ends by `Disconnected`, after `Disconnecting` where this
 * page has hung up.
 */
export type CallState =
  | 'None'
  | 'Connecting'
  /** Waits to be let in. */
  | 'InLobby'
  | 'Ringing'
  /** Rings at a telephone whose sound is heard already. It does not occur as long as no call has a telephone leg. */
  | 'EarlyMedia'
  | 'Connected'
  /** Neither sends nor receives until `resume()`. */
  | 'LocalHold'
  /** The other one of a call of two has put it on hold. */
  | 'RemoteHold'
  /** The connection or the media is lost and is being found again; the place in the call is kept. */
  | 'Reconnecting'
  | 'Disconnecting'
  | 'Disconnected';

export type CallEvents = {
  idChanged: [];
  endpointIdChanged: [];
  /** The server has said another kind than was expected, or a direct call has become a group call. */
  kindChanged: [];
  stateChanged: [];
  /** Right before the `stateChanged` to `Disconnected`. */
  callEndReasonChanged: [];
  isMutedChanged: [];
  isIncomingAudioMutedChanged: [];
  /** Somebody who may do that has muted this participant, right after the `isMutedChanged`; `unmute()` is as good as ever. */
  mutedByOthers: [];
  isMicrophoneAvailableChanged: [];
  isSpeakingChanged: [];
  isScreenSharingOnChanged: [];
  roleChanged: [];
  isHandRaisedChanged: [];
  /** A hand was raised or lowered, one's own included. */
  raisedHandsUpdated: [CollectionUpdate<CallMember>];
  isSpotlightedChanged: [];
  spotlightChanged: [];
  dominantSpeakersChanged: [];
  customDataChanged: [];
  /** Somebody has sent a reaction, this page included. */
  reactionReceived: [ReactionReceived];
  remoteParticipantsUpdated: [CollectionUpdate<RemoteParticipant>];
  localVideoStreamsUpdated: [CollectionUpdate<LocalVideoStream>];
  /**
   * A microphone or camera could not be had, or has stopped by itself. The call goes on with what it has.
   * Not fired for what the failing method's own promise tells.
   */
  mediaDeviceFailed: [MediaDeviceError];
  /** A microphone or camera in use has stopped by itself, as one that is unplugged, and the call goes on with another. */
  mediaDeviceReplaced: [MediaDeviceReplacement];
  audioProcessorChanged: [];
  /** The processor has thrown this, or has failed with it later, and is out: the sound is sent as it is. */
  audioProcessorFailed: [unknown];
  optimalVideoCountChanged: [];
  /** Somebody else has sent a data message. */
  dataReceived: [DataReceived];
};

/** A message of the application, as `sendData()` sent it. */
export interface DataReceived {
  /** `endpointId` of who sent it; the server vouches for it. */
  readonly participantId: string;
  /** The channel that it came by. */
  readonly channel: DataChannelKind;
  /** What was sent, byte for byte; at most 16 KiB. */
  readonly payload: Uint8Array;
}

/**
 * A call, from the moment it is made or accepted until its end. Being declined, hung up on or not answered
 * are ends with a reason, never errors; after the end every method that would change the call rejects with
 * `CallError` `invalid_state`, except `hangUp()`.
 */
export interface Call extends Observable<CallEvents> {
  /** Undefined until the server has named the call. */
  readonly id: string | undefined;
  /**
   * By which the others know this part in the call, as their `RemoteParticipant.endpointId`. Undefined until the call is
   * entered; in the lobby, too.
   */
  readonly endpointId: string | undefined;
  /** Where the call is in its life; it ends as `Disconnected`, and nothing follows. */
  readonly state: CallState;
  /** Whether somebody else called, or this page did or entered a room. It does not change. */
  readonly direction: 'Incoming' | 'Outgoing';
  /**
   * `direct` rings one person, `group` several, `room` is entered by its id. Settled when the server has named the
   * call: several names may turn out to be one person.
   */
  readonly kind: CallKind;
  /** Undefined until the end of the call: there from `callEndReasonChanged` on, right before `Disconnected`. */
  readonly callEndReason: CallEndReason | undefined;
  /**
   * What the server lets this participant do; undefined until the call is entered. It may change during the call: what
   * the new one does not allow stops being sent, and what it allows again waits to be turned on.
   */
  readonly role: Role | undefined;
  /**
   * Whether the microphone is off by choice: this person's, or that of the application's backend, which may mute
   * somebody. `unmute()` is as good as ever then. See also `isMicrophoneAvailable`.
   */
  readonly isMuted: boolean;
  /** Whether this page plays nothing of the others: `muteIncomingAudio()`. */
  readonly isIncomingAudioMuted: boolean;
  /** Whether a microphone is open to send from; false until it was granted, and after a failure. */
  readonly isMicrophoneAvailable: boolean;
  /** Whether the others hear this participant speak. */
  readonly isSpeaking: boolean;
  /** Whether this page sends a screen. */
  readonly isScreenSharingOn: boolean;
  /** Whether this participant would like to speak; `raisedHands` has the order. */
  readonly isHandRaised: boolean;
  /** Whether everyone is to see this participant large. */
  readonly isSpotlighted: boolean;
  /** What this page sends: the camera first, then a shared screen. */
  readonly localVideoStreams: readonly LocalVideoStream[];
  /** Who waits to be let in. */
  readonly lobby: Lobby;
  /** Everybody else in the call, callees who are still ringing among them. */
  readonly remoteParticipants: readonly RemoteParticipant[];

  /**
   * Rings somebody into the call, and returns at once with who is in `remoteParticipants` from now on, also when they
   * answer; a direct call becomes a group call. Who is there already is returned as they are. Who cannot be reached ends
   * as `Disconnected`, with the reason in `callEndReason`.
   *
   * @example
   * const carol = call.addParticipant('carol');
   * carol.on('stateChanged', () => console.log(carol.state, carol.callEndReason?.name));
   * @param id A user's id, or a telephone number such as `+15551234567`, which rings the user who has it. Who was dialled
   * by number has that number as `identity`, and ends as `not_supported` where no user has it: there is no telephone leg yet.
   * @throws TypeError for anything else.
   * @throws CallError `forbidden` when the role may not add participants, `invalid_state` when the call is not entered
   * yet or has ended.
   */
  addParticipant(id: string | CommunicationIdentifier): RemoteParticipant;
  /**
   * Puts somebody out, who cannot come back unless they are added again; rings somebody no more who has not answered. Resolves when
   * they are out, also where they had left already.
   *
   * @param participant One of `remoteParticipants`, or the identity of one.
   * @throws TypeError for what is no participant of this call.
   * @throws CallError `forbidden` when the role may not do that: those who may add participants may cancel the ringing,
   * too.
   */
  removeParticipant(participant: RemoteParticipant | string | CommunicationIdentifier): Promise<void>;
  /**
   * Mutes the microphones of all who may be heard, but one's own. They are told by `mutedByOthers`, and may unmute
   * themselves. One of them: `RemoteParticipant.mute()`.
   * @throws CallError `forbidden` when the role may not mute others.
   */
  muteOthers(): Promise<void>;
  /** The same as `muteOthers`. */
  muteAllRemoteParticipants(): Promise<void>;
  /**
   * Gives somebody another role: `roleChanged` tells when they have it.
   * @throws TypeError for what is no participant of this call, and no role.
   * @throws CallError `forbidden` when one's own role may not change roles, `invalid_state` when the call would be
   * without a presenter, or the participant is not in it.
   */
  changeRole(participant: RemoteParticipant, role: Role): Promise<void>;
  /** Who would like to speak, who asked first at first; `'own'` stands for this page itself. */
  readonly raisedHands: readonly CallMember[];
  /** Whom everyone is to see large, the most important first; `'own'` stands for this page itself. */
  readonly spotlight: readonly CallMember[];
  /**
   * Who holds the floor, also in a pause, and then who else is heard to speak, the loudest first; `'own'` stands for this
   * page itself. Empty until somebody has spoken.
   */
  readonly dominantSpeakers: readonly CallMember[];
  /**
   * What the application keeps with the call: up to 50 strings by name, the same for everyone in it. What it was at the
   * end stays.
   */
  readonly customData: Readonly<Record<string, string>>;
  /** What is written in the call. */
  readonly chat: CallChat;

  /**
   * Stops the microphone's packets; the others see it. The device stays open, for `unmute()` to be instant:
   * `automatic.keepMutedMicrophone` has it otherwise.
   */
  mute(): Promise<void>;
  /**
   * Sends again, and opens a microphone that the role had turned off or that could not be had before.
   * @throws MediaDeviceError when there is no microphone to be had.
   * @throws CallError `forbidden` when the role may not be heard.
   */
  unmute(): Promise<void>;
  /**
   * Has nothing of the others heard on this page, who are not told; it is received all the same. What the application plays
   * itself, where `automatic.playAudio` is off, is its own matter.
   * @throws CallError `invalid_state` after the end of the call.
   */
  muteIncomingAudio(): Promise<void>;
  /**
   * Has the others heard again.
   * @throws CallError `invalid_state` after the end of the call.
   */
  unmuteIncomingAudio(): Promise<void>;

  /**
   * Sends this in place of the microphone, such as music or what the application has mixed, or the microphone again
   * without it. Muting goes on as before. It is never stopped by the SDK; where it ends, `mediaDeviceFailed` tells.
   * @throws TypeError for what has no sound.
   * @throws MediaDeviceError when the microphone cannot be had; the present sound goes on.
   */
  setAudioSource(source: MediaStream | MediaStreamTrack | undefined): Promise<void>;
  /** What changes the sound of the microphone before it is sent; undefined without, and after it has failed. */
  readonly audioProcessor: AudioProcessor | undefined;
  /**
   * Has the sound of the microphone changed before it is sent, through every change of microphone; without one, sends it
   * as it is. One that fails is taken out, which `audioProcessorFailed` tells.
   * @throws TypeError for what is none of sound.
   * @throws CallError `not_supported` when it cannot work in this browser.
   */
  setAudioProcessor(processor: AudioProcessor | undefined): Promise<void>;

  /**
   * Sends a camera, or a picture of the application's. While one is being sent already, it changes over to the given one.
   *
   * @param source A camera; without it, `deviceManager.getCamera()` or else the browser's choice. What the application has
   * made or opened itself is never stopped by the SDK. Of a `LocalVideoStream` the same object is sent and returned.
   * @param options Codec and layers are those that a stream begins with: for one that is being sent already they change nothing,
   * so call `stopVideo()` before.
   * @returns The stream that is also `localVideoStreams[0]`.
   * @throws TypeError for what is none of these.
   * @throws MediaDeviceError when the camera cannot be had.
   * @throws CallError `forbidden` when the role may not send video, `invalid_state` for another `LocalVideoStream` than
   * the one that is being sent, and when it was stopped before it was sent.
   * @example
   * const stream = await call.startVideo(canvas.captureStream(15), { codec: 'VP9' });
   * console.log(stream.codec); // 'VP8' where VP9 cannot be had
   */
  startVideo(
    source?: VideoDeviceInfo | LocalVideoStream | MediaStream | MediaStreamTrack,
    options?: VideoOptions,
  ): Promise<LocalVideoStream>;
  /**
   * Turns the camera off at once, one that is still being opened as soon as it is open; does nothing while there is none.
   * Resolves when the server knows.
   * @throws TypeError for a stream that is no camera.
   */
  stopVideo(stream?: LocalVideoStream): Promise<void>;

  /**
   * Has the browser ask what to share and sends it. Ends by itself when the person uses the browser's own
   * "Stop sharing".
   *
   * @param options `audio` asks for the sound of what is shared too, where the browser can.
   * @throws TypeError for a codec or scalability mode that there is not.
   * @throws MediaDeviceError `permission_denied` when the person chose nothing.
   * @throws CallError `forbidden` when the role may not share, or not in this room; the person is not asked then.
   * `invalid_state` when it was stopped before it was sent.
   */
  startScreenSharing(options?: ScreenSharingOptions): Promise<void>;
  /**
   * Sends this as the screen, with its sound if it has any. Nobody is asked, and it is never stopped by the SDK.
   * @throws TypeError for what has no picture, and for a codec or scalability mode that there is not.
   * @throws CallError `forbidden` as above, `invalid_state` while another screen is shared.
   */
  startScreenSharing(
    source: LocalVideoStream | MediaStream | MediaStreamTrack,
    options?: VideoEncodingOptions,
  ): Promise<void>;
  /** Ends sharing at once, the sound of it included; does nothing while no screen is shared. */
  stopScreenSharing(): Promise<void>;

  /**
   * Limits what is sent and received, from now on and through every reconnect. What is not named stays as it is, and a
   * `max` of 0 lifts a limit. What is captured stays the same: large pictures are scaled down, and layers that do not fit
   * are left out.
   *
   * @example
   * await call.setConstraints({
   *   video: { send: { frameHeight: { max: 360 }, bitrate: { max: 500_000 } } },
   *   receive: { bitrate: { max: 1_000_000 } },
   * });
   * @throws TypeError for what is no limit.
   * @throws CallError what the server answers that does not limit what is received, such as `unavailable`.
   */
  setConstraints(constraints: MediaConstraints): Promise<void>;
  /**
   * How many pictures of others this network and machine carry at the moment, 1 to 25; 25 until something else is seen.
   * Every five seconds it is looked at what is received. Pictures that are wanted and have stood still twice in a row, as
   * when the server leaves them out for want of bandwidth, are one less each, and again after twice as long, and so on;
   * machines that drop a quarter of the frames are given one less. After half a minute in which as many as that flowed it
   * is one more again. What is shown stays with the application.
   */
  readonly optimalVideoCount: number;
  /** What `optimalVideoCount` was last lowered or raised for; undefined before. */
  readonly optimalVideoCountReason: 'bandwidth' | 'performance' | 'recovered' | undefined;

  /**
   * Sends a message of the application to everyone else in the call, at most 16 KiB. Resolves when it is on its way.
   *
   * One participant may send 50 messages and 256 KiB a second: `ordered` ones beyond that wait here for their turn, `lossy`
   * ones are dropped. Of all participants of one call together the server takes 500 messages a second, and drops what is
   * beyond, whatever the channel. Who is on hold receives none, `ordered` ones neither, and the promise does not say so:
   * in a direct call the state is `RemoteHold` meanwhile.
   *
   * @param options `ordered`, as by default, arrives and in order; `lossy` arrives soon or not at all.
   * @throws TypeError for what is no `Uint8Array`, or too large, and for a channel that is neither.
   * @throws CallError `forbidden` when the role may not send data, `invalid_state` in `LocalHold` and before the call is
   * entered, `unavailable` when the network cannot keep up or hundreds of messages wait.
   */
  sendData(payload: Uint8Array, options?: { channel?: DataChannelKind }): Promise<void>;

  /**
   * Asks to speak; a hand that is up keeps its place. It is lowered by leaving, too. `isHandRaised` follows right after the promise,
   * with `isHandRaisedChanged`.
   * @throws CallError `forbidden` when the role may not do it, `invalid_state` before the call is entered.
   */
  raiseHand(): Promise<void>;
  /**
   * Lowers this page's own hand, or somebody else's.
   * @throws TypeError for what is no participant.
   * @throws CallError `forbidden` when the hand is another's and the role may not do it, `not_found` for who has left.
   */
  lowerHand(member?: CallMember): Promise<void>;

  /**
   * Shows everyone what one thinks of it. Nobody is shown it later.
   *
   * @param reaction An emoji or a word: 1 to 32 UTF-16 code units, none of them a control character.
   * @throws TypeError for what is none.
   * @throws CallError `forbidden` when the role may not do it, `too_many_requests`, `invalid_state` before the call is entered.
   */
  sendReaction(reaction: string): Promise<void>;
  /**
   * Says whom everyone is to see large from now on; nobody, with an empty list. `spotlight` follows right after the promise, with
   * `spotlightChanged`.
   *
   * @param members At most 7, the most important first.
   * @throws TypeError for more of them, and for what is no participant.
   * @throws CallError `forbidden` when the role may not do it, `not_found` for who has left or is still ringing.
   * @example
   * await call.setSpotlight(['own', ...call.spotlight.filter((member) => member !== 'own')]);
   */
  setSpotlight(members: readonly CallMember[]): Promise<void>;

  /**
   * Changes what the application keeps with the call, and leaves what is not named. `customData` follows right after the promise,
   * with `customDataChanged`.
   *
   * @param items Names of up to 64 of `A-Z a-z 0-9 _ . : -`, with a value of up to 1024 UTF-16 code units or with `null`,
   * which removes one.
   * @throws TypeError for what is none of that.
   * @throws CallError `forbidden` when the role may not do it, `invalid_state` when there would be more than 50, and before
   * the call is entered.
   * @example
   * await call.setCustomData({ 'agenda.item': '3', vote: null });
   */
  setCustomData(items: Readonly<Record<string, string | null>>): Promise<void>;

  /**
   * Says what this person thought of the call, in it or within ten minutes after leaving it; the latest survey counts.
   *
   * @param survey `rating` from 1, bad, to 5, good; `comment` of up to 2000 UTF-16 code units.
   * @throws TypeError for what is none.
   * @throws CallError `call_not_found` when it is too late, `unavailable` without a connection, `invalid_state` when the call
   * was never entered.
   * @example
   * await call.submitSurvey({ rating: 2, issues: ['echo'], comment: 'In the second half.' });
   */
  submitSurvey(survey: Survey): Promise<void>;

  /**
   * Will send a tone to the telephones of a call. There are none yet.
   * @throws TypeError for what is no tone.
   * @throws CallError `not_supported` as long as no call has a telephone leg, `invalid_state` after its end.
   */
  sendDtmf(tone: DtmfTone): Promise<never>;

  /**
   * Neither sends nor receives until `resume()`; the others are told. Nothing is sent from this moment on, also before the
   * server has answered, and whatever it says later.
   * @throws CallError `invalid_state` before the call is entered.
   */
  hold(): Promise<void>;
  /**
   * Goes on after `hold()`, or after another call has put this one on hold.
   * @throws CallError `invalid_state` before the call is entered.
   */
  resume(): Promise<void>;

  /**
   * A feature of a module that only some applications load, such as `@parley/calling/stats`: the same object whenever it is
   * asked for with the same factory. It ends with the call; what it has found can still be read.
   *
   * @example
   * import { NetworkQuality } from '@parley/calling/stats';
   * const quality = call.feature(NetworkQuality);
   * @param factory What such a module exports.
   * @throws TypeError for what is none.
   * @throws CallError `invalid_state` when it is asked for first after the end of the call.
   */
  feature<Feature>(factory: CallFeatureFactory<Feature>): Feature;
  /** The same as `feature`. */
  api<Feature>(factory: CallFeatureFactory<Feature>): Feature;

  /**
   * Leaves the call, at any moment of its life, and resolves when the server knows, or could not be told for a while. With `forEveryone` the
   * call ends for all.
   * @throws CallError `forbidden` when the role may not end the call for everyone; the call then goes on.
   */
  hangUp(options?: { forEveryone?: boolean }): Promise<void>;
}
