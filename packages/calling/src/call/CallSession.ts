import type { CallKind, CallNotification, CallState, Joined, Snapshot } from '@parley/protocol';
import type { Automatic } from '../automatic.ts';
import type { CallEndReason } from '../endReason.ts';
import type { CollectionUpdate } from '../events.ts';
import type { CallStream } from '../features/callFeatureTypes.ts';
import type { CallFeatures } from '../features/CallFeatures.ts';
import { ParticipantRegistry } from '../participants/ParticipantRegistry.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import { NoAnswerError } from '../signaling/request.ts';
import { RemoteVideoStreamImpl } from '../streams/RemoteVideoStreamImpl.ts';
import type { CallConnection } from './CallConnection.ts';
import type { CallDependencies } from './callDependencies.ts';
import { CallMedia, isMediaNotification } from './CallMedia.ts';
import { CallPeople } from './CallPeople.ts';
import type { CaughtUp } from './CallListener.ts';
import type { DataReceived } from './callTypes.ts';
import type { Decision, LobbyImpl } from './LobbyImpl.ts';
import type { OwnPart } from './OwnPart.ts';
import { PathRepair } from './PathRepair.ts';
import { VideoCount } from './VideoCount.ts';

/** The server is thought to be out of reach when it does not answer this within that time. */
const restartTimeoutMs = 2_000;

interface CallSessionOptions {
  joined: Joined;
  own: OwnPart;
  lobby: LobbyImpl;
  features: CallFeatures;
  connection: CallConnection;
  dependencies: CallDependencies;
  automatic: Automatic;
  playAudio: CallDependencies['playAudio'];
  onParticipantsUpdated: (update: CollectionUpdate<RemoteParticipant>) => void;
  onDataReceived: (received: DataReceived) => void;
  onPublicationLost: (producerId: string) => void;
  /** Something that the state of the call depends on has changed. */
  onChanged: () => void;
  onVideoCountChanged: () => void;
  /** No path for the media could be found. */
  onMediaFailed: () => void;
}

/** What there is of a call from the moment it is entered: who is in it, and its media. */
export class CallSession {
  readonly media: CallMedia;
  readonly participants: ParticipantRegistry;
  readonly people: CallPeople;
  readonly videoCount: VideoCount;
  readonly #options: CallSessionOptions;
  readonly #repair: PathRepair;
  readonly #callId: string;
  #kind: CallKind;
  #state: CallState;

  constructor(options: CallSessionOptions) {
    const { joined, connection, dependencies, automatic } = options;
    const { call, participantId } = joined;
    this.#options = options;
    this.#callId = call.id;
    this.#kind = call.kind;
    this.#state = call.state;
    this.#repair = new PathRepair({
      restart: automatic.restartIce ? () => this.#restartIce() : undefined,
      clock: dependencies.clock,
      onChanged: options.onChanged,
      onFailed: options.onMediaFailed,
    });
    this.media = new CallMedia({
      snapshot: call,
      parameters: joined.media,
      iceServers: connection.iceServers,
      request: connection.request,
      openMedia: dependencies.openMedia,
      playAudio: options.playAudio,
      automatic,
      clock: dependencies.clock,
      logger: dependencies.logger,
      onWatched: () => this.videoCount.begin(),
      onPathOpened: () => this.#repair.opened(),
      onPathChanged: (state) => this.#repair.pathChanged(state),
      onPublicationLost: options.onPublicationLost,
      onDataReceived: (message, channel) => options.onDataReceived({ ...message, channel }),
    });
    this.participants = new ParticipantRegistry({
      ownId: participantId,
      media: this.media,
      mute: (participant) => this.people.mute(participant),
      onUpdated: (update) => {
        options.onParticipantsUpdated(update);
        options.features.settle();
      },
    });
    options.features.enter({
      callId: call.id,
      ownId: participantId,
      request: connection.request,
      requestLater: (name, data) => dependencies.requestAt(connection.endpoint, name, data),
      find: (id) => this.participants.find(id),
    });
    this.videoCount = new VideoCount({
      videos: () =>
        this.participants.participants.flatMap(({ videoStreams }) =>
          videoStreams.flatMap((stream) =>
            stream instanceof RemoteVideoStreamImpl ? (stream.flowing ?? []) : [],
          ),
        ),
      clock: dependencies.clock,
      onChanged: options.onVideoCountChanged,
    });
    this.people = new CallPeople({
      callId: call.id,
      request: connection.request,
      own: options.own,
      participants: this.participants,
    });
  }

  get kind(): CallKind {
    return this.#kind;
  }

  get streams(): CallStream[] {
    const { publisher, received } = this.media;
    const streams = received.flatMap(({ producerId, mid, isFlowing }) =>
      this.participants.owners(producerId).map(([participant, { source, paused }]): CallStream => ({
        direction: 'receive',
        mid,
        source,
        participant,
        isFlowing: isFlowing && !paused,
      })),
    );

    return [...publisher.streams, ...streams];
  }

  /** Whether anybody has answered. */
  get isAnswered(): boolean {
    return this.#state === 'connected';
  }

  get isPathBroken(): boolean {
    return this.#repair.isBroken;
  }

  /** In a call of two, the other one has put it on hold. */
  get isHeldByOther(): boolean {
    const [other] = this.participants.participants;

    return this.#kind === 'direct' && other?.state === 'OnHold';
  }

  apply(notification: CallNotification): void {
    if (isMediaNotification(notification)) {
      this.media.apply(notification);

      return;
    }
    if (notification.name === 'callStateChanged') {
      this.#state = notification.data.state;
    } else if (notification.name === 'callKindChanged') {
      this.#kind = notification.data.kind;
    } else if (notification.name === 'lobbyChanged') {
      this.#options.lobby.follow(notification.data.lobby);
    }
    this.#options.own.apply(notification);
    this.#options.features.apply(notification);
    this.participants.apply(notification);
  }

  follow(snapshot: Snapshot): void {
    const { call } = snapshot;
    this.#kind = call.kind;
    this.#state = call.state;
    this.#options.own.follow(snapshot);
    this.#options.features.follow(call);
    this.participants.follow(call);
    this.#options.lobby.follow(call.lobby ?? []);
    this.media.follow(snapshot);
  }

  /** The connection to the server is lost. */
  lost(): void {
    this.#repair.rest();
  }

  resumed(answer: CaughtUp): void {
    if (answer.action === 'rejoin') {
      this.media.rejoin({ iceServers: answer.iceServers, ...answer.media });
    } else if (answer.action === 'resume') {
      this.#tolerate(this.media.restartIce(answer.ice, answer.iceServers));
    }
    this.#repair.goOn();
  }

  async setOnHold(isOnHold: boolean): Promise<void> {
    const { connection, own } = this.#options;
    await own.askForHold(isOnHold, () =>
      connection.request(isOnHold ? 'holdCall' : 'unholdCall', { callId: this.#callId }),
    );
  }

  /** Lets in, or sends away, those who wait in the lobby. */
  async decide(decision: Decision, participantIds: string[]): Promise<void> {
    const { connection, own } = this.#options;
    own.assertMay('manageLobby');
    if (participantIds.length > 0) {
      await connection.request(decision, { callId: this.#callId, participantIds });
    }
  }

  networkChanged(): void {
    this.#repair.networkChanged();
  }

  /** Ends the media. Idempotent. */
  close(): void {
    this.#repair.close();
    this.videoCount.close();
    this.people.close();
    this.media.close();
  }

  /** The call is over. */
  end(reason: CallEndReason): void {
    this.close();
    this.#options.features.end();
    this.participants.end(reason);
    this.#options.lobby.follow([]);
  }

  async #restartIce(): Promise<void> {
    const { connection } = this.#options;
    try {
      const { ice, iceServers } = await connection.requestNow(
        'restartIce',
        { callId: this.#callId },
        { timeoutMs: restartTimeoutMs },
      );
      await this.media.restartIce(ice, iceServers);
    } catch (error) {
      if (error instanceof NoAnswerError) {
        connection.giveUpConnection();
      }
      throw error;
    }
  }

  /** A browser that fails to restart has a path that fails, which is told by its state. */
  #tolerate(restarted: Promise<void>): void {
    restarted.catch((error: unknown) => {
      this.#options.dependencies.logger.warn('ICE was not restarted', {
        callId: this.#callId,
        error: (error as Error).name,
      });
    });
  }
}
