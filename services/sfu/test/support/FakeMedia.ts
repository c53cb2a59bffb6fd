import { createDeferred, type Deferred } from '@parley/kit';
import {
  ProtocolError,
  type MediaOffer,
  type MediaSource,
  type RestartedIce,
  type TransportParameters,
} from '@parley/protocol';
import type {
  CallMedia,
  CallMediaOptions,
  Consumed,
  MediaService,
  ParticipantMedia,
  ProbeMedia,
  ProbeMediaOptions,
  ProduceOptions,
} from '../../src/media/mediaTypes.ts';

export const offer: MediaOffer = {
  rtpCapabilities: {},
  dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
};

/** Media that forwards nothing, remembers what is open, and fails or waits when told to. */
export class FakeMedia implements MediaService {
  readonly routerRtpCapabilities = {};
  readonly calls: CallMediaOptions[] = [];
  /** What was opened and not closed: calls and participants. */
  open = 0;
  /** Ids of the producers that were made and not closed. */
  readonly producers: string[] = [];
  /** Everything that was said of whom everyone is to see large. */
  readonly spotlights: (readonly string[])[] = [];
  /** Participants that are held. */
  waiting = 0;
  #callFailure: ProtocolError | undefined;
  #callGate: Deferred<void> | undefined;
  #failure: ProtocolError | undefined;
  #gate: Deferred<void> | undefined;
  #restartGate: Deferred<void> | undefined;
  #delay: () => Promise<unknown> = async () => {};
  readonly #participants: FakeParticipantMedia[] = [];

  /** How many participants are on hold. */
  get held(): number {
    return this.#participants.filter(({ isOnHold }) => isOnHold).length;
  }

  /** The next participants cannot be given media. */
  failNext(error: ProtocolError): void {
    this.#failure = error;
  }

  /** Participants wait for their media until the returned function is called. */
  holdParticipants(): () => void {
    const gate = createDeferred<void>();
    this.#gate = gate;

    return () => {
      this.#gate = undefined;
      gate.resolve();
    };
  }

  /** Whoever restarts ICE waits until the returned function is called. */
  holdRestarts(): () => void {
    const gate = createDeferred<void>();
    this.#restartGate = gate;

    return () => {
      this.#restartGate = undefined;
      gate.resolve();
    };
  }

  /** Every participant, and every restart of ICE, waits for a promise of its own. */
  delayAll(delay: () => Promise<unknown>): void {
    this.#delay = delay;
  }

  /** The transports are gone and others in their place: everything that was sent has to be produced again. */
  reset(): void {
    for (const participant of this.#participants) {
      participant.sent.clear();
    }
  }

  /** The next call cannot be given media. */
  failNextCall(error: ProtocolError): void {
    this.#callFailure = error;
  }

  /** The next call waits for its media until the returned function is called; those after it do not. */
  holdNextCall(): () => void {
    const gate = createDeferred<void>();
    this.#callGate = gate;

    return () => gate.resolve();
  }

  async createCallMedia(options: CallMediaOptions): Promise<CallMedia> {
    const [gate, failure] = [this.#callGate, this.#callFailure];
    this.#callGate = undefined;
    this.#callFailure = undefined;
    if (failure !== undefined) {
      throw failure;
    }
    this.calls.push(options);
    await gate?.promise;
    const close = this.#opened();

    return {
      inspect: async () => ({ forwarding: {}, participants: [] }),
      close,
      setSpotlight: (participantIds) => void this.spotlights.push(participantIds),
      addParticipant: () => this.#addParticipant(),
    };
  }

  async createProbeMedia({ onClosed }: ProbeMediaOptions): Promise<ProbeMedia> {
    await this.#gate?.promise;
    const close = this.#opened();
    let isOpen = true;

    return {
      parameters: {
        sendTransport: transport,
        receiveTransport: transport,
        consumers: [],
        dataConsumers: [],
      },
      loopBack: async ({ kind }) => ({
        id: 'back',
        producerId: 'there',
        kind,
        rtpParameters: { codecs: [] },
      }),
      close() {
        if (isOpen) {
          isOpen = false;
          close();
          onClosed();
        }
      },
    };
  }

  async #addParticipant(): Promise<ParticipantMedia> {
    this.waiting += 1;
    await this.#gate?.promise;
    await this.#delay();
    this.waiting -= 1;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) {
      throw failure;
    }

    const participant = new FakeParticipantMedia(this.#opened(), this.producers, async () => {
      await this.#restartGate?.promise;
      await this.#delay();
    });
    this.#participants.push(participant);

    return participant;
  }

  #opened(): () => void {
    let isOpen = true;
    this.open += 1;

    return () => {
      this.open -= isOpen ? 1 : 0;
      isOpen = false;
    };
  }
}

const transport: TransportParameters = {
  id: 'transport',
  iceParameters: { usernameFragment: 'u', password: 'p' },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [] },
};

class FakeParticipantMedia implements ParticipantMedia {
  readonly parameters = {
    sendTransport: transport,
    receiveTransport: transport,
    consumers: [],
    dataConsumers: [],
  };
  readonly state = undefined;
  readonly moving = undefined;
  readonly close: () => void;
  /** What is sent over the present transports. */
  readonly sent = new Set<MediaSource>();
  isOnHold = false;
  mayData = true;
  readonly #producers: string[];
  readonly #restarting: () => Promise<void>;

  constructor(close: () => void, producers: string[], restarting: () => Promise<void>) {
    this.close = close;
    this.#producers = producers;
    this.#restarting = restarting;
  }

  async produce({ source }: ProduceOptions): Promise<string> {
    const producerId = `producer-${source}`;
    if (this.sent.has(source)) {
      throw new ProtocolError('invalid_state', `The ${source} is being sent already.`);
    }
    this.sent.add(source);
    if (!this.#producers.includes(producerId)) {
      this.#producers.push(producerId);
    }

    return producerId;
  }

  allowData(isAllowed: boolean): void {
    this.mayData = isAllowed;
  }

  async pauseProducer(): Promise<void> {}
  async resumeProducer(): Promise<void> {}
  resizeProducer(): void {}
  closeProducer(producerId: string): void {
    this.sent.delete(producerId.slice('producer-'.length) as MediaSource);
    this.#producers.splice(this.#producers.indexOf(producerId), 1);
  }

  async consume(): Promise<Consumed> {
    return { consumers: [], unavailable: [] };
  }

  async resumeConsumers(): Promise<void> {}
  async pauseConsumers(): Promise<void> {}
  closeConsumers(): void {}
  async setViewports(): Promise<void> {}
  async setMaxReceiveBitrate(): Promise<void> {}
  async setOnHold(isOnHold: boolean): Promise<void> {
    this.isOnHold = isOnHold;
  }

  async produceData(): Promise<string> {
    return 'data-producer';
  }

  async restartIce(): Promise<RestartedIce> {
    await this.#restarting();

    return { sendIceParameters: transport.iceParameters, receiveIceParameters: transport.iceParameters };
  }
}
