import type {
  Call,
  CallEvents,
  CallState,
  Disposable,
  LocalVideoStream,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteVideoStream,
  Role,
} from '@parley/calling';

/** What a tile shows. */
export type TileModel =
  | {
      readonly kind: 'self';
      readonly key: string;
      readonly name: string;
      readonly isMuted: boolean;
      readonly isSpeaking: boolean;
      readonly stream: LocalVideoStream | undefined;
    }
  | {
      readonly kind: 'camera';
      readonly key: string;
      readonly name: string;
      readonly isMuted: boolean;
      readonly isSpeaking: boolean;
      /** What is the matter with somebody whose picture does not come. */
      readonly absence: 'ringing' | 'reconnecting' | undefined;
      readonly isGuest: boolean;
      readonly stream: RemoteVideoStream | undefined;
    }
  | {
      readonly kind: 'screen';
      readonly key: string;
      readonly name: string;
      readonly stream: RemoteVideoStream;
    };

/** A call as the screen shows it, read at one moment. */
export interface CallView {
  readonly state: CallState;
  /** It was connected at some time, so that its stage stays while it is being left. */
  readonly hasBegun: boolean;
  readonly role: Role | undefined;
  readonly isMuted: boolean;
  readonly isMicrophoneAvailable: boolean;
  readonly isScreenSharingOn: boolean;
  readonly camera: LocalVideoStream | undefined;
  readonly self: TileModel;
  readonly people: readonly TileModel[];
  readonly screens: readonly TileModel[];
}

export function readCall(call: Call, ownName: string, hadBegun = false): CallView {
  const camera = call.localVideoStreams.find((stream) => stream.type === 'Video');
  const present = call.remoteParticipants.filter((participant) => participant.state !== 'Disconnected');

  return {
    state: call.state,
    hasBegun: hadBegun || call.state === 'Connected',
    role: call.role,
    isMuted: call.isMuted,
    isMicrophoneAvailable: call.isMicrophoneAvailable,
    isScreenSharingOn: call.isScreenSharingOn,
    camera,
    self: {
      kind: 'self',
      key: 'self',
      name: ownName,
      isMuted: call.isMuted || !call.isMicrophoneAvailable,
      isSpeaking: call.isSpeaking,
      stream: camera,
    },
    people: present.map(tileOf),
    screens: present.flatMap((participant) =>
      participant.screenSharingStreams
        .filter((stream) => stream.isAvailable)
        .map(
          (stream) => ({ kind: 'screen', key: stream.id, name: participant.displayName, stream }) as const,
        ),
    ),
  };
}

function tileOf(participant: RemoteParticipant): TileModel {
  return {
    kind: 'camera',
    key: participant.endpointId ?? participant.identity.id,
    name: participant.displayName,
    isMuted: participant.isMuted,
    isSpeaking: participant.isSpeaking,
    absence: absenceOf(participant),
    isGuest: participant.identity.type !== 'user',
    stream: participant.videoStreams.find((stream) => stream.isAvailable),
  };
}

function absenceOf({ state }: RemoteParticipant): 'ringing' | 'reconnecting' | undefined {
  switch (state) {
    case 'Ringing':
      return 'ringing';
    case 'Reconnecting':
      return 'reconnecting';
    default:
      return undefined;
  }
}

const callEvents = [
  'stateChanged',
  'roleChanged',
  'isMutedChanged',
  'isMicrophoneAvailableChanged',
  'isSpeakingChanged',
  'isScreenSharingOnChanged',
  'localVideoStreamsUpdated',
  'remoteParticipantsUpdated',
] as const satisfies (keyof CallEvents)[];

const participantEvents = [
  'stateChanged',
  'isMutedChanged',
  'isSpeakingChanged',
  'videoStreamsUpdated',
  'screenSharingStreamsUpdated',
] as const satisfies (keyof RemoteParticipantEvents)[];

/** Calls `onChange` whenever `readCall` would answer differently: the call, its participants or their streams changed. */
export function watchCall(call: Call, onChange: () => void): Disposable {
  const own = callEvents.map((name) => call.on(name, update));
  let others: Disposable[] = [];
  follow();

  return () => {
    for (const dispose of [...own, ...others.splice(0)]) {
      dispose();
    }
  };

  function update(): void {
    follow();
    onChange();
  }

  /** Who is there and what they send changes with nearly every event; all of it is followed anew. */
  function follow(): void {
    for (const dispose of others.splice(0)) {
      dispose();
    }
    others = call.remoteParticipants.flatMap((participant) => [
      ...participantEvents.map((name) => participant.on(name, update)),
      ...[...participant.videoStreams, ...participant.screenSharingStreams].map((stream) =>
        stream.on('isAvailableChanged', update),
      ),
    ]);
  }
}
