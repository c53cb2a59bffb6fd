import {
  keptChatMessages,
  notificationTable,
  requestTable,
  type CallSnapshot,
  type Notification,
  type NotificationEnvelope,
  type ParticipantInfo,
} from '@parley/protocol';
import { opusParameters } from './rtpParameters.ts';
import type { TestClient } from './TestClient.ts';

/** Somebody in a call who does nothing but send a microphone, and believes what they are told. */
export class Bystander {
  readonly participantId: string;
  readonly producerId: string;
  readonly #client: TestClient;
  #call: CallSnapshot;
  /** Why it is over for them. */
  endReason: string | undefined;

  private constructor(client: TestClient, call: CallSnapshot, participantId: string, producerId: string) {
    this.#client = client;
    this.#call = call;
    this.participantId = participantId;
    this.producerId = producerId;
    this.#change(participantId, { producers: [{ id: producerId, source: 'microphone', paused: false }] });
    client.socket.on('notification', (told: NotificationEnvelope) => this.#take(told));
  }

  static async join(client: TestClient, roomId: string): Promise<Bystander> {
    const { call, participantId, media } = await client.enter('joinRoom', {
      roomId,
      media: await client.offer(),
    });
    const { producerId } = await client.request('produce', {
      callId: call.id,
      transportId: media.sendTransport.id,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    });

    return new Bystander(client, call, participantId, producerId);
  }

  /** The call as they were told of it, in an order of its own. */
  get view(): CallSnapshot {
    return sorted(this.#call);
  }

  /** Their own place in it. */
  get self(): ParticipantInfo | undefined {
    return this.#call.participants.find(({ id }) => id === this.participantId);
  }

  get isMuted(): boolean {
    return this.self?.producers.some(({ paused }) => paused) === true;
  }

  /** The call as the server has it, in the same order; undefined when it is over for them. */
  async truth(): Promise<CallSnapshot | undefined> {
    const answer = await this.#client.send({ name: 'getSnapshot', data: { callId: this.#call.id } });

    return answer.ok ? sorted(requestTable.getSnapshot.answer.parse(answer.data).call) : undefined;
  }

  leave(): void {
    this.#client.socket.disconnect();
  }

  /** Throws for what the protocol does not know. */
  #take({ name, data }: NotificationEnvelope): void {
    notificationTable[name].parse(data);
    this.#apply({ name, data } as Notification);
  }

  #apply({ name, data }: Notification): void {
    switch (name) {
      case 'callEnded':
        this.endReason = data.reason;
        break;
      case 'participantJoined':
        this.#remove(data.participant.id);
        this.#call = { ...this.#call, participants: [...this.#call.participants, data.participant] };
        break;
      case 'participantLeft':
        this.#remove(data.participantId);
        break;
      case 'participantStateChanged':
        this.#change(data.participantId, { state: data.state });
        break;
      case 'holdChanged':
        this.#change(data.participantId, { isOnHold: data.isOnHold });
        break;
      case 'roleChanged':
        this.#change(data.participantId, { role: data.role });
        break;
      case 'handRaised':
        this.#change(data.participantId, { handRaisedAtMs: data.atMs });
        break;
      case 'handLowered':
        this.#change(data.participantId, { handRaisedAtMs: undefined });
        break;
      case 'producerAdded':
        this.#setProducers(data, (producers) => [...producers, data.producer]);
        break;
      case 'producerPaused':
      case 'producerResumed':
        this.#setProducers(data, (producers) =>
          producers.map((producer) =>
            producer.id === data.producerId ? { ...producer, paused: name === 'producerPaused' } : producer,
          ),
        );
        break;
      case 'producerRemoved':
        this.#setProducers(data, (producers) => producers.filter(({ id }) => id !== data.producerId));
        break;
      case 'spotlightChanged':
        this.#call = { ...this.#call, spotlight: data.participantIds };
        break;
      case 'audioSlotsChanged':
        this.#call = { ...this.#call, audioSlots: data.audioSlots };
        break;
      case 'customDataChanged':
        this.#call = { ...this.#call, customData: data.customData };
        break;
      case 'chatSent':
        this.#call = { ...this.#call, chat: [...this.#call.chat, data.message].slice(-keptChatMessages) };
        break;
      default:
    }
  }

  #setProducers(
    { participantId }: { readonly participantId: string },
    change: (producers: ParticipantInfo['producers']) => ParticipantInfo['producers'],
  ): void {
    const participant = this.#call.participants.find(({ id }) => id === participantId);
    this.#change(participantId, { producers: change(participant?.producers ?? []) });
  }

  #change(participantId: string, change: Partial<ParticipantInfo>): void {
    const participants = this.#call.participants.map((one) =>
      one.id === participantId ? { ...one, ...change } : one,
    );
    this.#call = { ...this.#call, participants };
  }

  #remove(participantId: string): void {
    const participants = this.#call.participants.filter(({ id }) => id !== participantId);
    this.#call = { ...this.#call, participants };
  }
}

function sorted(call: CallSnapshot): CallSnapshot {
  const participants = call.participants.toSorted((one, other) => one.id.localeCompare(other.id));

  return { ...call, participants };
}
